import { ComputeError, invalidField } from './error.ts';
import { MACHINE_TYPES } from './machine-types.ts';
import { lastPart } from './names.ts';

type Json = Readonly<Record<string, unknown>>;

/** What an insert asks for, checked. */
export interface InstanceRequest {
  readonly name: string;
  readonly machineType: string;
  /** Spot, or preemptible as it was called before. */
  readonly isSpot: boolean;
  readonly terminationAction: 'STOP' | 'DELETE';
  /** All that was sent, for what is only shown again. */
  readonly resource: Json;
}

/** Fields of `Instance` that a request can set. Source: google.cloud.compute.v1.Instance in @google-cloud/compute 7.8. */
const FIELDS: ReadonlyMap<string, 'string' | 'boolean' | 'array' | 'object'> = new Map([
  ['advancedMachineFeatures', 'object'],
  ['canIpForward', 'boolean'],
  ['confidentialInstanceConfig', 'object'],
  ['deletionProtection', 'boolean'],
  ['description', 'string'],
  ['disks', 'array'],
  ['displayDevice', 'object'],
  ['guestAccelerators', 'array'],
  ['hostname', 'string'],
  ['keyRevocationActionType', 'string'],
  ['kind', 'string'],
  ['labels', 'object'],
  ['machineType', 'string'],
  ['metadata', 'object'],
  ['minCpuPlatform', 'string'],
  ['name', 'string'],
  ['networkInterfaces', 'array'],
  ['networkPerformanceConfig', 'object'],
  ['params', 'object'],
  ['privateIpv6GoogleAccess', 'string'],
  ['reservationAffinity', 'object'],
  ['resourcePolicies', 'array'],
  ['scheduling', 'object'],
  ['serviceAccounts', 'array'],
  ['shieldedInstanceConfig', 'object'],
  ['shieldedInstanceIntegrityPolicy', 'object'],
  ['sourceMachineImage', 'string'],
  ['tags', 'object'],
  ['workloadIdentityConfig', 'object'],
  ['zone', 'string'],
]);

const NAME = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);

const badPayload = (what: string): ComputeError => new ComputeError('badRequest', `Invalid JSON payload received. ${what}`);

/** @throws {ComputeError} for text that is no JSON object */
export const parseResource = (text: string): Json => {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new ComputeError('badRequest', 'Parse Error');
  }
  if (typeOf(value) !== 'object') throw badPayload('Root element must be a message.');
  return value as Json;
};

const checkFields = (resource: Json): void => {
  for (const [name, value] of Object.entries(resource)) {
    const expected = FIELDS.get(name);
    if (!expected) throw badPayload(`Unknown name "${name}" at 'resource': Cannot find field.`);
    if (typeOf(value) !== expected) throw badPayload(`Invalid value at 'resource.${name}', ${expected} was expected.`);
  }
};

interface Scheduling {
  readonly preemptible?: unknown;
  readonly provisioningModel?: unknown;
  readonly automaticRestart?: unknown;
  readonly onHostMaintenance?: unknown;
  readonly instanceTerminationAction?: unknown;
}

const checkScheduling = (scheduling: Scheduling): Pick<InstanceRequest, 'isSpot' | 'terminationAction'> => {
  const { preemptible = false, provisioningModel = preemptible ? 'SPOT' : 'STANDARD', automaticRestart } = scheduling;
  const { onHostMaintenance, instanceTerminationAction: action } = scheduling;
  if (provisioningModel !== 'SPOT' && provisioningModel !== 'STANDARD') {
    throw invalidField('resource.scheduling.provisioningModel', provisioningModel, 'The value must be one of [SPOT, STANDARD].');
  }
  const isSpot = provisioningModel === 'SPOT';
  if (isSpot && automaticRestart === true) {
    throw new ComputeError('invalid', 'Scheduling must have preemptible be false when AutomaticRestart is true.');
  }
  if (isSpot && onHostMaintenance !== undefined && onHostMaintenance !== 'TERMINATE') {
    throw new ComputeError('invalid', "Scheduling must have preemptible be false when OnHostMaintenance isn't TERMINATE.");
  }
  if (action !== undefined && action !== 'STOP' && action !== 'DELETE') {
    throw invalidField('resource.scheduling.instanceTerminationAction', action, 'The value must be one of [STOP, DELETE].');
  }
  if (action !== undefined && !isSpot) {
    const field = 'resource.scheduling.instanceTerminationAction';
    throw invalidField(
      field,
      action,
      'You cannot specify a termination action for a VM instance that has the standard provisioning model (default).',
    );
  }
  return { isSpot, terminationAction: action === 'DELETE' ? 'DELETE' : 'STOP' };
};

/**
 * Reads the body of an insert.
 * Source of the messages: the form of `Invalid value for field` is that of issues of terraform-provider-google; what follows it was not checked one by one.
 * @throws {ComputeError}
 */
export const readInstanceRequest = (text: string): InstanceRequest => {
  const resource = parseResource(text);
  checkFields(resource);
  const {
    name = '',
    machineType = '',
    disks = [],
    networkInterfaces = [],
    scheduling = {},
  } = resource as {
    name?: string;
    machineType?: string;
    disks?: readonly unknown[];
    networkInterfaces?: readonly unknown[];
    scheduling?: Scheduling;
  };
  if (!NAME.test(name)) {
    throw invalidField('resource.name', name, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'");
  }
  if (!/(?:^|\/)machineTypes\/[^/]+$/.test(machineType))
    throw invalidField('resource.machineType', machineType, 'The URL is malformed.');
  if (!MACHINE_TYPES.has(lastPart(machineType))) {
    throw invalidField('resource.machineType', machineType, 'The referenced resource does not exist.');
  }
  if (disks.length === 0) throw invalidField('resource.disks', '', 'No disks are specified.');
  if (networkInterfaces.length === 0) {
    throw invalidField('resource.networkInterfaces', '', 'At least one network interface is required.');
  }
  return { name, machineType: lastPart(machineType), resource, ...checkScheduling(scheduling) };
};
