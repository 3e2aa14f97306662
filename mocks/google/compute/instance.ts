import type { InstanceRequest } from './instance-request.ts';
import { MACHINE_TYPES, type MachineType } from './machine-types.ts';
import { assignFingerprint, assignId, BASE_URL, lastPart, regionOfZone } from './names.ts';

/** The life of an instance, as far as it is emulated. Source: `Status` of `Instance` in `compute.proto` of @google-cloud/compute 7.8. */
export type InstanceStatus = 'PROVISIONING' | 'STAGING' | 'RUNNING' | 'STOPPING' | 'TERMINATED';

export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly machine: MachineType;
  readonly request: InstanceRequest;
  status: InstanceStatus;
  /** Google is taking it: what the metadata server says under `preempted`. */
  isPreempted: boolean;
  /** Counts changes of status: a change that was ordered before the last one is dropped. */
  generation: number;
  /** The resource, as in answers. */
  describe(): Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

let lastHost = 1;

const networkInterface = (given: Json, index: number, zone: string, projectId: string) => {
  const { network = 'global/networks/default', accessConfigs, subnetwork } = given;
  lastHost = (lastHost % 65_000) + 1;
  const host = lastHost;
  return {
    kind: 'compute#networkInterface',
    name: `nic${index}`,
    network: `${BASE_URL}/projects/${projectId}/global/networks/${lastPart(String(network))}`,
    subnetwork: `${BASE_URL}/projects/${projectId}/regions/${regionOfZone(zone)}/subnetworks/${lastPart(String(subnetwork ?? network))}`,
    networkIP: `10.128.${host >> 8}.${host & 0xff}`,
    fingerprint: assignFingerprint(),
    stackType: 'IPV4_ONLY',
    ...(Array.isArray(accessConfigs)
      ? {
          accessConfigs: accessConfigs.map((config: Json) => ({
            kind: 'compute#accessConfig',
            type: 'ONE_TO_ONE_NAT',
            name: 'External NAT',
            networkTier: 'PREMIUM',
            ...config,
            // Of TEST-NET-3: no address of anybody's.
            natIP: `203.0.113.${host & 0xff}`,
          })),
        }
      : {}),
  };
};

const attachedDisk = (given: Json, index: number, name: string, zone: string, projectId: string) => {
  const parameters = (given.initializeParams ?? {}) as Json;
  const diskName = String(parameters.diskName ?? (index === 0 ? name : `${name}-${index}`));
  return {
    kind: 'compute#attachedDisk',
    type: given.type ?? 'PERSISTENT',
    mode: given.mode ?? 'READ_WRITE',
    source: given.source ?? `${BASE_URL}/projects/${projectId}/zones/${zone}/disks/${diskName}`,
    deviceName: given.deviceName ?? `persistent-disk-${index}`,
    index,
    boot: given.boot ?? false,
    autoDelete: given.autoDelete ?? false,
    interface: given.interface ?? 'SCSI',
    diskSizeGb: String(given.diskSizeGb ?? parameters.diskSizeGb ?? '10'),
  };
};

/** A new instance, PROVISIONING. */
export const createInstance = (projectId: string, zone: string, request: InstanceRequest): Instance => {
  const { name, machineType, isSpot, terminationAction, resource } = request;
  const machine = MACHINE_TYPES.get(machineType);
  if (!machine) throw new TypeError(`no machine type ${machineType}`);
  const zoneUrl = `${BASE_URL}/projects/${projectId}/zones/${zone}`;
  const id = assignId();
  const fixed = {
    kind: 'compute#instance',
    id,
    name,
    description: resource.description ?? '',
    creationTimestamp: new Date().toISOString(),
    machineType: `${zoneUrl}/machineTypes/${machineType}`,
    zone: zoneUrl,
    selfLink: `${zoneUrl}/instances/${name}`,
    cpuPlatform: machine.cpuPlatform,
    canIpForward: resource.canIpForward ?? false,
    deletionProtection: resource.deletionProtection ?? false,
    startRestricted: false,
    fingerprint: assignFingerprint(),
    labels: resource.labels ?? {},
    labelFingerprint: assignFingerprint(),
    tags: { ...((resource.tags as Json | undefined) ?? {}), fingerprint: assignFingerprint() },
    metadata: { kind: 'compute#metadata', ...((resource.metadata as Json | undefined) ?? {}), fingerprint: assignFingerprint() },
    serviceAccounts: resource.serviceAccounts ?? [],
    networkInterfaces: (resource.networkInterfaces as readonly Json[]).map((one, index) =>
      networkInterface(one, index, zone, projectId),
    ),
    disks: (resource.disks as readonly Json[]).map((one, index) => attachedDisk(one, index, name, zone, projectId)),
    scheduling: {
      onHostMaintenance: isSpot ? 'TERMINATE' : 'MIGRATE',
      automaticRestart: !isSpot,
      preemptible: isSpot,
      provisioningModel: isSpot ? 'SPOT' : 'STANDARD',
      ...((resource.scheduling as Json | undefined) ?? {}),
      ...(isSpot ? { preemptible: true, provisioningModel: 'SPOT', instanceTerminationAction: terminationAction } : {}),
    },
  };
  const instance: Instance = {
    id,
    name,
    zone,
    machine,
    request,
    status: 'PROVISIONING',
    isPreempted: false,
    generation: 0,
    describe: () => ({ ...fixed, status: instance.status }),
  };
  return instance;
};
