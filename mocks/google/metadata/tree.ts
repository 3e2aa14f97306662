import type { GoogleAccount } from '../account.ts';
import type { Instance } from '../compute/instance.ts';
import { regionOfZone, zonesOf } from '../compute/names.ts';
import { projectNumber, stableDigits } from '../resource-names.ts';

/** A part of the metadata: text, or a directory of parts. */
export type Node = string | { readonly [name: string]: Node };

/** The machine that the workload itself is taken to run on, for as long as it has started none in the region. */
const HOST = { name: 'workload', machineType: 'e2-standard-2' };

/** The instance that the metadata server of a region speaks for: the oldest that is not off. */
const instanceOf = ({ compute }: GoogleAccount, region: string): Instance | undefined =>
  zonesOf(region)
    .flatMap((zone) => compute.instancesIn(zone))
    .find(({ status }) => status !== 'TERMINATED');

const DEFAULT_SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

interface ServiceAccountRequest {
  readonly scopes?: readonly string[];
}

/** What tokens of the region's instance are for. */
export const scopesOf = (account: GoogleAccount, region: string): readonly string[] => {
  const [requested] = (instanceOf(account, region)?.request.resource.serviceAccounts ?? []) as readonly ServiceAccountRequest[];
  return requested?.scopes?.length ? requested.scopes : DEFAULT_SCOPES;
};

const attributesOf = (instance: Instance | undefined): Node => {
  const { items = [] } = (instance?.request.resource.metadata ?? {}) as {
    readonly items?: readonly { key?: string; value?: string }[];
  };
  return Object.fromEntries(items.map(({ key = '', value = '' }) => [key, value]));
};

/**
 * What the server tells now, without tokens.
 * The names are those of cloud.google.com/compute/docs/metadata/predefined-metadata-keys, not checked again.
 */
export const metadataTree = (account: GoogleAccount, region: string): { readonly [name: string]: Node } => {
  const { projectId, tokens } = account;
  const number = projectNumber(projectId);
  const instance = instanceOf(account, region);
  const zone = instance?.zone ?? zonesOf(region)[0] ?? '';
  const { name, machineType } = instance ? instance.request : HOST;
  const email = tokens.credentials.published.clientEmail;
  const serviceAccount: Node = { aliases: 'default', email, scopes: `${scopesOf(account, region).join('\n')}\n` };
  return {
    instance: {
      attributes: attributesOf(instance),
      hostname: `${name}.${zone}.c.${projectId}.internal`,
      id: instance?.id ?? stableDigits(`host ${projectId} ${region}`, 19),
      'machine-type': `projects/${number}/machineTypes/${machineType}`,
      'maintenance-event': 'NONE',
      name,
      preempted: instance?.isPreempted ? 'TRUE' : 'FALSE',
      region: `projects/${number}/regions/${regionOfZone(zone)}`,
      scheduling: {
        'automatic-restart': instance?.request.isSpot ? 'FALSE' : 'TRUE',
        'on-host-maintenance': instance?.request.isSpot ? 'TERMINATE' : 'MIGRATE',
        preemptible: instance?.request.isSpot ? 'TRUE' : 'FALSE',
      },
      'service-accounts': { default: serviceAccount, [email]: serviceAccount },
      zone: `projects/${number}/zones/${zone}`,
    },
    project: { 'numeric-project-id': number, 'project-id': projectId },
    universe: { 'universe-domain': 'googleapis.com' },
  };
};
