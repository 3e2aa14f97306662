import { type AzureAccount, RESOURCE_GROUP } from '../account.ts';
import { isObject, type Properties } from '../arm/read-properties.ts';
import type { Machine } from '../compute/machines.ts';

/** Versions of the instance document that are taken; all of them have the fields of 2021-02-01. Source: as of `TOKEN_VERSIONS`. */
export const INSTANCE_VERSIONS = [
  ...['2021-12-13', '2021-11-15', '2021-11-01', '2021-10-01', '2021-05-01', '2021-03-01', '2021-02-01', '2021-01-01'],
  ...['2020-12-01', '2020-10-01', '2020-09-01', '2020-07-15', '2020-06-01', '2019-11-01', '2019-08-15', '2019-08-01'],
  ...['2019-06-04', '2019-06-01', '2019-04-30', '2019-03-11', '2019-02-01', '2018-10-01', '2018-04-02', '2018-02-01'],
  ...['2017-12-01', '2017-10-01', '2017-08-01', '2017-04-02'],
];

/** Text, an object or a list: the document has nothing else. */
type Node = string | readonly Node[] | { readonly [name: string]: Node };

type Described = Pick<Machine, 'name' | 'vmId' | 'resourceGroup' | 'id' | 'osDiskName'> & {
  readonly size: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly zone: string;
  readonly priority: string;
  readonly evictionPolicy: string;
  readonly properties: Properties;
};

const member = (object: unknown, name: string): unknown => (isObject(object) ? object[name] : undefined);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The machine that the workload stands on while it has launched none. */
const ownMachine = (subscriptionId: string, vmId: string): Described => ({
  name: 'squall',
  vmId,
  resourceGroup: RESOURCE_GROUP,
  id: `/subscriptions/${subscriptionId}/resourceGroups/${RESOURCE_GROUP}/providers/Microsoft.Compute/virtualMachines/squall`,
  osDiskName: 'squall_OsDisk_1',
  size: 'Standard_D2s_v3',
  tags: {},
  zone: '',
  priority: 'Regular',
  evictionPolicy: '',
  properties: {},
});

const describe = ({ input, ...machine }: Machine): Described => ({
  ...machine,
  size: input.size.name,
  tags: input.tags ?? {},
  zone: input.zones?.[0] ?? '',
  priority: input.isSpot ? 'Spot' : 'Regular',
  evictionPolicy: input.evictionPolicy ?? '',
  properties: input.properties,
});

/** Source: "Azure Instance Metadata Service", the instance category, as we know it; looked up nowhere. */
const documentOf = (machine: Described, region: string, subscriptionId: string): Node => {
  const image = member(member(machine.properties, 'storageProfile'), 'imageReference');
  const osProfile = member(machine.properties, 'osProfile');
  const [publisher, offer, sku, version] = ['publisher', 'offer', 'sku', 'version'].map((name) => text(member(image, name)));
  return {
    compute: {
      azEnvironment: 'AzurePublicCloud',
      evictionPolicy: machine.evictionPolicy,
      isHostCompatibilityLayerVm: 'false',
      licenseType: text(member(machine.properties, 'licenseType')),
      location: region,
      name: machine.name,
      offer: offer ?? '',
      osProfile: {
        adminUsername: text(member(osProfile, 'adminUsername')),
        computerName: text(member(osProfile, 'computerName')) || machine.name,
      },
      osType: 'Linux',
      placementGroupId: '',
      platformFaultDomain: '0',
      platformUpdateDomain: '0',
      priority: machine.priority,
      provider: 'Microsoft.Compute',
      publisher: publisher ?? '',
      resourceGroupName: machine.resourceGroup,
      resourceId: machine.id,
      sku: sku ?? '',
      storageProfile: { osDisk: { name: machine.osDiskName, osType: 'Linux' }, dataDisks: [] },
      subscriptionId,
      tags: Object.entries(machine.tags)
        .map(([name, value]) => `${name}:${value}`)
        .join(';'),
      tagsList: Object.entries(machine.tags).map(([name, value]) => ({ name, value })),
      version: version ?? '',
      vmId: machine.vmId,
      vmScaleSetName: '',
      vmSize: machine.size,
      zone: machine.zone,
    },
    network: {
      interface: [
        {
          ipv4: {
            ipAddress: [{ privateIpAddress: '10.0.0.4', publicIpAddress: '' }],
            subnet: [{ address: '10.0.0.0', prefix: '24' }],
          },
          ipv6: { ipAddress: [] },
          macAddress: '000D3A000001',
        },
      ],
    },
  };
};

const isText = (node: Node): node is string => typeof node === 'string';

/** What stands at a path of names and indices. */
const findNode = (node: Node | undefined, [name, ...rest]: readonly string[]): Node | undefined => {
  if (name === undefined || node === undefined) return node;
  if (isText(node) || !Object.hasOwn(node, name)) return undefined;
  return findNode((node as Readonly<Record<string, Node>>)[name], rest);
};

/**
 * The instance category of a region's metadata endpoint: it speaks of the machine that was created last there; while there is none, of the
 * one that the workload stands on.
 */
export const createInstanceDocument = ({ machines, subscriptionId }: AzureAccount, region: string) => {
  const vmId = crypto.randomUUID();
  /**
   * @param path names and indices below `/metadata/instance`
   * @returns undefined for what is not there, null for a value that was not asked for as text
   */
  return (path: readonly string[], format: 'json' | 'text'): Response | null | undefined => {
    const machine = machines.list().findLast(({ input }) => input.location === region);
    const document = documentOf(machine ? describe(machine) : ownMachine(subscriptionId, vmId), region, subscriptionId);
    const node = findNode(document, path);
    if (node === undefined) return undefined;
    if (format === 'json') return isText(node) ? null : Response.json(node);
    const lines = isText(node)
      ? node
      : Object.entries(node)
          .map(([name, value]) => (isText(value) ? name : `${name}/`))
          .join('\n');
    return new Response(lines, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
  };
};
