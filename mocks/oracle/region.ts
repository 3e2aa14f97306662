import { createInstances, type Instances } from './compute/instances.ts';
import { mintOcid } from './ocid.ts';

/** What a tenancy has in one region. */
export interface OracleRegion {
  readonly region: string;
  /** The root compartment: the tenancy. */
  readonly compartmentId: string;
  readonly availabilityDomains: readonly string[];
  readonly images: readonly { readonly id: string; readonly displayName: string; readonly operatingSystemVersion: string }[];
  readonly subnet: { readonly id: string; readonly vcnId: string };
  readonly instances: Instances;
  /** Launches by their retry token, for the day that Oracle remembers them. */
  readonly retryTokens: Map<string, { readonly instanceId: string; readonly body: string; readonly atMs: number }>;
  /** An active model deployment of the digits model. */
  readonly modelDeploymentId: string;
  readonly timeCreated: string;
}

const DOMAINS = [1, 2, 3];

/** Names of availability domains in Ashburn do without the region's own number. */
const domainName = (prefix: string, region: string, domain: number) =>
  `${prefix}:${region.toUpperCase().replace(/^US-ASHBURN-1$/, 'US-ASHBURN')}-AD-${domain}`;

/** @param prefix four characters that names of availability domains have in this tenancy */
export const createRegion = (region: string, compartmentId: string, prefix: string): OracleRegion => ({
  region,
  compartmentId,
  availabilityDomains: DOMAINS.map((domain) => domainName(prefix, region, domain)),
  images: [
    { id: mintOcid('image', region), displayName: 'Oracle-Linux-9.6-2026.10.31-0', operatingSystemVersion: '9' },
    { id: mintOcid('image', region), displayName: 'Oracle-Linux-8.10-2026.10.31-0', operatingSystemVersion: '8' },
  ],
  subnet: { id: mintOcid('subnet', region), vcnId: mintOcid('vcn', region) },
  instances: createInstances(region),
  retryTokens: new Map(),
  modelDeploymentId: mintOcid('datasciencemodeldeployment', region),
  timeCreated: new Date().toISOString(),
});
