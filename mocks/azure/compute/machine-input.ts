import { ArmError, invalidParameter, missingParameter } from '../arm/errors.ts';
import {
  checkMembers,
  isObject,
  type Properties,
  readArray,
  readLocation,
  readNumber,
  readObject,
  readString,
  readTags,
  requireObject,
  requireString,
} from '../arm/read-properties.ts';
import { findSize, MACHINE_SIZES, type MachineSize } from './sizes.ts';

export const MACHINE_TYPE = 'Microsoft.Compute/virtualMachines';

/** What a request wants a machine to be. */
export interface MachineInput {
  readonly location: string;
  readonly size: MachineSize;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly zones: readonly string[] | undefined;
  readonly isSpot: boolean;
  readonly evictionPolicy: 'Deallocate' | 'Delete' | undefined;
  /** US dollars an hour; -1 for whatever it costs. */
  readonly maxPrice: number | undefined;
  /** The request's properties, without what is never shown again. */
  readonly properties: Properties;
}

/** Members of the resource, read-only ones too: who got a machine may put it back. Source: REST specification of 2026-04-01. */
const MEMBERS = [
  ...['location', 'tags', 'properties', 'zones', 'identity', 'plan', 'extendedLocation', 'placement'],
  ...['id', 'name', 'type', 'etag', 'managedBy', 'resources', 'systemData'],
];
const PROPERTY_MEMBERS = [
  ...['hardwareProfile', 'scheduledEventsPolicy', 'storageProfile', 'additionalCapabilities', 'osProfile', 'networkProfile'],
  ...['securityProfile', 'diagnosticsProfile', 'availabilitySet', 'virtualMachineScaleSet', 'proximityPlacementGroup'],
  ...['priority', 'evictionPolicy', 'billingProfile', 'host', 'hostGroup', 'licenseType', 'extensionsTimeBudget'],
  ...['platformFaultDomain', 'scheduledEventsProfile', 'userData', 'capacityReservation', 'applicationProfile'],
  ...['provisioningState', 'instanceView', 'vmId', 'timeCreated', 'resilientVMDeletionStatus'],
];

/** Resource ids begin with a subscription or, for what has none, a provider. */
const RESOURCE_ID = /^\/(subscriptions|providers)\/[^/]+/i;

const readSize = (properties: Properties): MachineSize => {
  const vmSize = requireString(requireObject(properties, 'hardwareProfile'), 'vmSize');
  const size = findSize(vmSize);
  if (size) return size;
  const names = MACHINE_SIZES.map(({ name }) => name).join(',');
  throw invalidParameter(
    'vmSize',
    `The value ${vmSize} provided for the VM size is not valid. The valid sizes in the current region are: ${names}. Find out more on the valid VM sizes in each region at https://aka.ms/azure-regionservices.`,
  );
};

const checkStorage = (properties: Properties): void => {
  const storage = requireObject(properties, 'storageProfile');
  const disk = readObject(storage, 'osDisk');
  const createOption = disk
    ? requireString(disk, 'createOption', ['FromImage', 'Attach', 'Empty', 'Copy', 'Restore'])
    : 'FromImage';
  const image = readObject(storage, 'imageReference');
  if (createOption === 'FromImage' && !image) throw missingParameter('imageReference');
  if (!image || image.id || image.sharedGalleryImageId || image.communityGalleryImageId) return;
  for (const part of ['publisher', 'offer', 'sku', 'version']) requireString(image, part);
};

const checkNetwork = (properties: Properties): void => {
  const network = requireObject(properties, 'networkProfile');
  const interfaces = readArray(network, 'networkInterfaces') ?? [];
  const configurations = readArray(network, 'networkInterfaceConfigurations') ?? [];
  if (interfaces.length + configurations.length === 0) throw missingParameter('networkInterfaces');
  for (const [at, one] of interfaces.entries()) {
    const id = isObject(one) ? one.id : undefined;
    if (typeof id === 'string' && RESOURCE_ID.test(id)) continue;
    throw new ArmError(
      400,
      'LinkedInvalidPropertyId',
      `Property id '${id ?? ''}' at path 'properties.networkProfile.networkInterfaces[${at}].id' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
    );
  }
};

/** Lengths of passwords, and those that are never taken. Source: `adminPassword` in the models of @azure/arm-compute 25.1.1. */
const PASSWORD_LENGTHS = { Linux: [6, 72], Windows: [8, 123] } as const;
const KNOWN_PASSWORDS = [
  ...['abc@123', 'P@$$w0rd', 'P@ssw0rd', 'P@ssword123', 'Pa$$word', 'pass@word1', 'Password!', 'Password1', 'Password22'],
  'iloveyou!',
];

/** The refusal's text is as clients have recorded it. @throws {ArmError} */
const checkPassword = (password: string, os: keyof typeof PASSWORD_LENGTHS): void => {
  const [least, most] = PASSWORD_LENGTHS[os];
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[\W_]/].filter((kind) => kind.test(password)).length;
  if (password.length >= least && password.length <= most && kinds >= 3 && !KNOWN_PASSWORDS.includes(password)) return;
  throw invalidParameter(
    'adminPassword',
    `The supplied password must be between ${least}-${most} characters long and must satisfy at least 3 of password complexity requirements from the following: 1) Contains an uppercase character 2) Contains a lowercase character 3) Contains a numeric digit 4) Contains a special character 5) Control characters are not allowed`,
  );
};

/** Who can sign in: by password, or on Linux by key. */
const checkSignIn = (properties: Properties): void => {
  if (readObject(readObject(properties, 'storageProfile') ?? {}, 'osDisk')?.createOption === 'Attach') return;
  const os = requireObject(properties, 'osProfile');
  requireString(os, 'computerName');
  requireString(os, 'adminUsername');
  const password = readString(os, 'adminPassword');
  if (password !== undefined) checkPassword(password, os.windowsConfiguration ? 'Windows' : 'Linux');
  const linux = readObject(os, 'linuxConfiguration');
  const keys = linux ? (readArray(readObject(linux, 'ssh') ?? {}, 'publicKeys') ?? []) : [];
  if (password === undefined && keys.length === 0) {
    const needed = linux?.disablePasswordAuthentication === true ? 'linuxConfiguration.ssh.publicKeys' : 'adminPassword';
    throw missingParameter(needed);
  }
};

const readSpot = (properties: Properties): Pick<MachineInput, 'isSpot' | 'evictionPolicy' | 'maxPrice'> => {
  const priority = readString(properties, 'priority', ['Regular', 'Low', 'Spot']) ?? 'Regular';
  const isSpot = priority !== 'Regular';
  const evictionPolicy = readString(properties, 'evictionPolicy', ['Deallocate', 'Delete']);
  const maxPrice = readNumber(readObject(properties, 'billingProfile') ?? {}, 'maxPrice');
  // Codes and texts: "Error messages for Azure Spot Virtual Machines and scale sets"; read November 2026. It gives no status: 409 is our choice.
  if (!isSpot && evictionPolicy) {
    throw new ArmError(
      409,
      'EvictionPolicyCanBeSetOnlyOnAzureSpotVirtualMachines',
      'Eviction policy can be set only on Azure Spot Virtual Machines.',
    );
  }
  if (!isSpot && maxPrice !== undefined && maxPrice !== -1) {
    throw new ArmError(
      409,
      'MaxPriceIsSupportedOnlyForAzureSpotVirtualMachines',
      'Max price is supported only for Azure Spot Virtual Machines.',
    );
  }
  if (maxPrice !== undefined && maxPrice !== -1 && maxPrice <= 0) {
    throw new ArmError(
      409,
      'MaxPriceValueInvalid',
      'Invalid max price value. The only supported values for max price are -1 or a decimal greater than zero. Max price value of -1 indicates the Azure Spot Virtual Machine will not be evicted for price reasons.',
    );
  }
  return { isSpot, evictionPolicy: isSpot ? ((evictionPolicy as 'Deallocate' | 'Delete') ?? 'Deallocate') : undefined, maxPrice };
};

/** Secrets go in and never come out. */
const withoutSecrets = (properties: Properties): Properties => {
  const {
    userData: _userData,
    instanceView: _view,
    provisioningState: _state,
    vmId: _id,
    timeCreated: _time,
    ...shown
  } = properties;
  const os = readObject(shown, 'osProfile');
  if (!os) return shown;
  const { adminPassword: _password, customData: _customData, ...osProfile } = os;
  return { ...shown, osProfile };
};

/**
 * Checks a machine to be created or updated.
 * @param isNew an existing machine's sign-in is not asked for again
 * @throws {ArmError}
 */
export const readMachine = (body: Properties, regions: readonly string[], isNew: boolean): MachineInput => {
  checkMembers(body, MEMBERS, 'ResourceDefinition', '');
  const location = readLocation(body, regions, MACHINE_TYPE);
  const properties = requireObject(body, 'properties');
  checkMembers(properties, PROPERTY_MEMBERS, 'VirtualMachineProperties', 'properties');
  const size = readSize(properties);
  checkStorage(properties);
  checkNetwork(properties);
  if (isNew) checkSignIn(properties);
  const zones = readArray(body, 'zones');
  if (zones && !zones.every((zone) => ['1', '2', '3'].includes(`${zone}`))) {
    throw new ArmError(400, 'InvalidAvailabilityZone', `The zone(s) '${zones}' for resource '${MACHINE_TYPE}' is not supported.`);
  }
  return {
    location,
    size,
    tags: readTags(body),
    zones: zones?.map(String),
    ...readSpot(properties),
    properties: withoutSecrets(properties),
  };
};
