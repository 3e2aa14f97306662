import { type Cloud, type CloudEndpoint, GLOBAL } from '../../mocks/cloud/cloud.ts';
import type { CloudName, Layer, ServiceSpec } from '../../mocks/cloud/service.ts';
import type { EndpointRole } from '../../mocks/emulator.ts';
import { providers } from '../../mocks/providers.ts';
import type { ServiceLink } from '../topology/link.ts';

/** An endpoint that answers, and where. */
export interface StandingEndpoint {
  /** `cloud/region/service`: what fault targets match. */
  readonly id: string;
  readonly cloud: CloudName;
  readonly region: string;
  readonly service: string;
  /** In words, e.g. `Amazon EC2`. */
  readonly title: string;
  readonly layer: Layer;
  /** E.g. `http://127.0.0.1:20011`. */
  readonly origin: string;
  /** Host and port of the same service over gRPC with TLS, e.g. `127.0.0.1:20040`; null where its SDKs do without. */
  readonly grpc: string | null;
}

/** What an endpoint is for, in the words that fault kinds choose by: as in the serving stack's own table where it is there. */
const roleOf = ({ cloud, service, layer }: ServiceSpec): EndpointRole => {
  const known = Object.values(providers)
    .find(({ provider }) => provider === cloud)
    ?.services.find((one) => one.service === service);
  return known?.role ?? (layer === 'shared' ? 'token' : 'inference');
};

/** The way to an endpoint. On one machine there is no round trip but the machine's own. */
export const linkTo = ({ spec, region, failure }: CloudEndpoint): ServiceLink => ({
  id: `${spec.cloud}/${region}/${spec.service}`,
  provider: spec.cloud,
  region,
  service: spec.service,
  role: roleOf(spec),
  rttMs: 0,
  isTls: spec.needsTls,
  ...(spec.errors['missing-permission'] ? { operations: spec.operations.map(({ name }) => name) } : {}),
  ...(spec.hasSpotInstances && spec.isRegional ? { hasSpotInstances: true } : {}),
  ...(failure ? { failure } : {}),
});

/** Whether requests go over it; not so to what commands alone are for. */
export const takesRequests = ({ role }: ServiceLink): boolean => role !== 'secret' && role !== 'instances';

/** The account as a whole: no endpoint, but what commands such as a revocation are for. */
const accountLink = (cloud: CloudName): ServiceLink => ({
  id: `${cloud}/${GLOBAL}/account`,
  provider: cloud,
  region: GLOBAL,
  service: 'account',
  role: 'secret',
  rttMs: 0,
});

/** Instances stand in regions, also where one endpoint is for them all. */
const instanceLinks = ({ endpoints, regions }: Cloud): readonly ServiceLink[] =>
  endpoints
    .filter(({ spec }) => spec.hasSpotInstances && !spec.isRegional)
    .flatMap(({ spec: { cloud, service } }) =>
      regions.map((region) => ({
        id: `${cloud}/${region}/${service}`,
        provider: cloud,
        region,
        service,
        role: 'instances',
        rttMs: 0,
        hasSpotInstances: true,
      })),
    );

/** What of a cloud's account commands alone are for. */
export const accountLinks = (cloud: Cloud): readonly ServiceLink[] => [accountLink(cloud.cloud), ...instanceLinks(cloud)];
