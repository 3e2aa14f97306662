import type { AwsAccount } from '../account.ts';
import type { Instance } from '../ec2/instance.ts';
import { privateDnsName } from '../ec2/present.ts';
import { ACCOUNT_ID, WORKLOAD_ROLE } from '../identity.ts';

/** An item's text; null where the instance lacks it, which is answered like a path that never was. */
type Item = (instance: Instance, account: AwsAccount) => string | null;

/** Times are to the second, as the user guide's examples have them. */
const seconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

const regionOf = ({ zone }: Instance): string => zone.slice(0, -1);

const macOf = ({ id }: Instance): string => `02:${id.slice(-10).replace(/(..)(?=.)/g, '$1:')}`;

const credentials: Item = (_instance, { session, hasSession }) =>
  hasSession
    ? pretty({
        Code: 'Success',
        LastUpdated: seconds(new Date()),
        Type: 'AWS-HMAC',
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        Token: session.sessionToken,
        Expiration: seconds(new Date(session.expiresAtMs ?? 0)),
      })
    : null;

/** Under `/latest/meta-data/`. As the EC2 user guide's "Instance metadata categories" names them. */
const METADATA: Readonly<Record<string, Item>> = {
  'ami-id': ({ imageId }) => imageId,
  'ami-launch-index': ({ launchIndex }) => String(launchIndex),
  'events/recommendations/rebalance': ({ interruption }) =>
    interruption && JSON.stringify({ noticeTime: seconds(interruption.noticedAt) }),
  hostname: privateDnsName,
  'iam/info': ({ profileArn, id }) =>
    pretty({
      Code: 'Success',
      LastUpdated: seconds(new Date()),
      InstanceProfileArn: profileArn ?? `arn:aws:iam::${ACCOUNT_ID}:instance-profile/${WORKLOAD_ROLE}`,
      InstanceProfileId: `AIPA${id.slice(3, 19).toUpperCase()}`,
    }),
  [`iam/security-credentials/${WORKLOAD_ROLE}`]: credentials,
  'instance-action': ({ interruption }) => (interruption ? interruption.action : 'none'),
  'instance-id': ({ id }) => id,
  'instance-life-cycle': ({ spot }) => (spot ? 'spot' : 'on-demand'),
  'instance-type': ({ type }) => type.name,
  'local-hostname': privateDnsName,
  'local-ipv4': ({ privateIp }) => privateIp,
  mac: macOf,
  'placement/availability-zone': ({ zone }) => zone,
  'placement/region': regionOf,
  profile: () => 'default-hvm',
  'reservation-id': ({ reservationId }) => reservationId,
  'security-groups': () => 'default',
  'services/domain': () => 'amazonaws.com',
  'services/partition': () => 'aws',
  'spot/instance-action': ({ interruption }) =>
    interruption && JSON.stringify({ action: interruption.action, time: seconds(interruption.takenAt) }),
  'spot/termination-time': ({ interruption }) => (interruption?.action === 'terminate' ? seconds(interruption.takenAt) : null),
};

const identityDocument: Item = (instance) =>
  pretty({
    accountId: ACCOUNT_ID,
    architecture: instance.type.architecture,
    availabilityZone: instance.zone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.type.name,
    kernelId: null,
    pendingTime: seconds(instance.launchedAt),
    privateIp: instance.privateIp,
    ramdiskId: null,
    region: regionOf(instance),
    version: '2017-09-30',
  });

const userData: Item = ({ userData: text }) => (text === undefined ? null : atob(text));

const ITEMS: ReadonlyMap<string, Item> = new Map([
  ...Object.entries(METADATA).map(([path, item]) => [`meta-data/${path}`, item] as const),
  ['dynamic/instance-identity/document', identityDocument],
  ['user-data', userData],
]);

/** Items and folders below a folder; those that the instance lacks are not listed. */
const listing = (folder: string, instance: Instance, account: AwsAccount): string | null => {
  const prefix = folder === '' ? '' : `${folder}/`;
  const names = new Set<string>();
  for (const [path, item] of ITEMS) {
    if (!path.startsWith(prefix) || item(instance, account) === null) continue;
    const [name = '', ...rest] = path.slice(prefix.length).split('/');
    names.add(rest.length > 0 ? `${name}/` : name);
  }
  return names.size > 0 ? [...names].sort().join('\n') : null;
};

/**
 * What is at a path below `/latest/`.
 * @param path without slashes around it @param isFolder whether it ended with a slash
 * @returns null for what is not there
 */
export const readItem = (path: string, isFolder: boolean, instance: Instance, account: AwsAccount): string | null => {
  const item = ITEMS.get(path);
  return item && !isFolder ? item(instance, account) : listing(path, instance, account);
};
