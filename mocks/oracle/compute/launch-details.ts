import { invalidParameter, missingParameter, notFound } from '../errors.ts';
import type { OracleRegion } from '../region.ts';
import type { LaunchPlan } from './instances.ts';
import { findShape, isBareMetal, MAX_GBS_PER_OCPU, type Shape } from './shapes.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Size of `metadata` and `extendedMetadata` together, bytes. Source: LaunchInstanceDetails of oci-core 2.139.1. */
const MAX_METADATA_BYTES = 32_000;
const MAX_NAME_LENGTH = 255;
const FAULT_DOMAINS = ['FAULT-DOMAIN-1', 'FAULT-DOMAIN-2', 'FAULT-DOMAIN-3'];

/** @throws {OciError} for what is there and no string */
export const optionalText = (value: unknown, name: string): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameter(`${name} must be a string.`);
  return value;
};

/** @throws {OciError} for what is not there, or no string */
export const requiredText = (value: unknown, name: string): string => {
  const text = optionalText(value, name);
  if (text === undefined || text === '') throw missingParameter(name);
  return text;
};

/** @throws {OciError} for what is there and no map of strings */
export const textMap = (value: unknown, name: string): Readonly<Record<string, string>> => {
  if (value === undefined || value === null) return {};
  if (!isObject(value) || !Object.values(value).every((each) => typeof each === 'string')) {
    throw invalidParameter(`${name} must be a map of strings.`);
  }
  return value as Readonly<Record<string, string>>;
};

/** @throws {OciError} for a name that is too long */
export const displayName = (value: unknown): string | undefined => {
  const name = optionalText(value, 'displayName');
  if (name !== undefined && (name.length === 0 || name.length > MAX_NAME_LENGTH)) {
    throw invalidParameter(`displayName must have 1 to ${MAX_NAME_LENGTH} characters.`);
  }
  return name;
};

const optionalObject = (value: unknown, name: string): JsonObject | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalidParameter(`${name} must be an object.`);
  return value;
};

const shapeOf = (value: unknown): Shape => {
  const name = requiredText(value, 'shape');
  const shape = findShape(name);
  if (!shape) throw notFound(`shape ${name.slice(0, 100)} not found`);
  return shape;
};

const sizeOf = (
  { shape, ocpus, memoryInGBs, maxMemoryInGBs = Infinity }: Shape,
  value: unknown,
): Pick<LaunchPlan, 'ocpus' | 'memoryInGBs'> => {
  const config = optionalObject(value, 'shapeConfig');
  if (typeof ocpus === 'number') return { ocpus, memoryInGBs };
  if (!config) throw missingParameter(`shapeConfig of flexible shape ${shape}`);
  const wanted = config.ocpus ?? ocpus.min;
  if (typeof wanted !== 'number' || wanted < ocpus.min || wanted > ocpus.max) {
    throw invalidParameter(`shapeConfig.ocpus of ${shape} must be ${ocpus.min} to ${ocpus.max}.`);
  }
  const memory = config.memoryInGBs ?? Math.min(wanted * memoryInGBs, maxMemoryInGBs);
  if (typeof memory !== 'number' || memory < wanted || memory > Math.min(wanted * MAX_GBS_PER_OCPU, maxMemoryInGBs)) {
    throw invalidParameter(
      `shapeConfig.memoryInGBs of ${shape} must be 1 to ${MAX_GBS_PER_OCPU} for each OCPU, and no more than ${maxMemoryInGBs}.`,
    );
  }
  return { ocpus: wanted, memoryInGBs: memory };
};

const imageOf = (details: JsonObject, region: OracleRegion): string => {
  const source = optionalObject(details.sourceDetails, 'sourceDetails');
  if (source && source.sourceType !== 'image') {
    if (source.sourceType === 'bootVolume') throw notFound();
    throw invalidParameter('sourceDetails.sourceType must be image or bootVolume.');
  }
  const id = requiredText(source ? source.imageId : details.imageId, 'sourceDetails.imageId');
  if (!region.images.some((image) => image.id === id)) throw notFound();
  return id;
};

const checkSubnet = (details: JsonObject, region: OracleRegion): void => {
  const vnic = optionalObject(details.createVnicDetails, 'createVnicDetails');
  const id = requiredText(vnic?.subnetId ?? details.subnetId, 'createVnicDetails.subnetId');
  if (id !== region.subnet.id) throw notFound();
};

const preemptionOf = (value: unknown, shape: Shape): LaunchPlan['preemption'] => {
  const config = optionalObject(value, 'preemptibleInstanceConfig');
  if (!config) return null;
  const action = optionalObject(config.preemptionAction, 'preemptionAction');
  if (!action) throw missingParameter('preemptibleInstanceConfig.preemptionAction');
  if (action.type !== 'TERMINATE') throw invalidParameter('preemptionAction.type must be TERMINATE.');
  if (isBareMetal(shape)) throw invalidParameter(`Preemptible capacity does not support shape ${shape.shape}.`);
  return { preserveBootVolume: action.preserveBootVolume === true };
};

const faultDomainOf = (value: unknown): string => {
  const name = optionalText(value, 'faultDomain') ?? FAULT_DOMAINS[crypto.getRandomValues(new Uint8Array(1))[0]! % 3]!;
  if (!FAULT_DOMAINS.includes(name)) throw invalidParameter('faultDomain is not one of the availability domain.');
  return name;
};

/** E.g. `instance202611250159`, as Oracle names instances. */
const defaultName = () => `instance${new Date().toISOString().replace(/\D/g, '').slice(0, 12)}`;

/** Checks a launch, and settles what it leaves open. @throws {OciError} */
export const planLaunch = (details: unknown, region: OracleRegion): LaunchPlan => {
  if (!isObject(details)) throw missingParameter('LaunchInstanceDetails');
  const availabilityDomain = requiredText(details.availabilityDomain, 'availabilityDomain');
  const compartmentId = requiredText(details.compartmentId, 'compartmentId');
  if (compartmentId !== region.compartmentId) throw notFound();
  if (!region.availabilityDomains.includes(availabilityDomain)) {
    throw invalidParameter(`Invalid availabilityDomain: ${availabilityDomain.slice(0, 100)}.`);
  }
  const shape = shapeOf(details.shape);
  const metadata = textMap(details.metadata, 'metadata');
  if (JSON.stringify([metadata, details.extendedMetadata ?? {}]).length > MAX_METADATA_BYTES) {
    throw invalidParameter(`metadata and extendedMetadata must not have more than ${MAX_METADATA_BYTES} bytes.`);
  }
  checkSubnet(details, region);
  return {
    availabilityDomain,
    compartmentId,
    shape,
    ...sizeOf(shape, details.shapeConfig),
    imageId: imageOf(details, region),
    faultDomain: faultDomainOf(details.faultDomain),
    displayName: displayName(details.displayName) ?? defaultName(),
    metadata,
    freeformTags: textMap(details.freeformTags, 'freeformTags'),
    preemption: preemptionOf(details.preemptibleInstanceConfig, shape),
  };
};
