import { ArmError, invalidParameter, missingParameter } from './errors.ts';

/** A JSON object of a request. */
export type Properties = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Resource Manager takes null for what is not there. */
const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;

/** @throws {ArmError} for a member that the type has not */
export const checkMembers = (object: Properties, members: readonly string[], typeName: string, path: string): void => {
  const unknown = Object.keys(object).find((name) => !members.some((member) => member.toLowerCase() === name.toLowerCase()));
  if (unknown === undefined) return;
  const at = path ? `${path}.${unknown}` : unknown;
  const message = `Could not find member '${unknown}' on object of type '${typeName}'. Path '${at}', line 1, position 1.`;
  throw new ArmError(400, 'BadRequest', message, { target: at });
};

/** @throws {ArmError} for another type */
export const readObject = (object: Properties, name: string): Properties | undefined => {
  const value = object[name];
  if (isAbsent(value)) return undefined;
  if (!isObject(value)) throw invalidParameter(name, `The value of parameter ${name} is invalid: an object is expected.`);
  return value;
};

export const requireObject = (object: Properties, name: string): Properties => {
  const value = readObject(object, name);
  if (!value) throw missingParameter(name);
  return value;
};

/** @param allowed compared in any case, and given back as listed */
export const readString = (object: Properties, name: string, allowed?: readonly string[]): string | undefined => {
  const value = object[name];
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'string') {
    throw invalidParameter(name, `The value of parameter ${name} is invalid: a string is expected.`);
  }
  if (!allowed) return value;
  const found = allowed.find((one) => one.toLowerCase() === value.toLowerCase());
  if (found === undefined) {
    throw invalidParameter(
      name,
      `The value '${value}' of parameter '${name}' is not allowed. Allowed values are ${allowed.join(',')}.`,
    );
  }
  return found;
};

export const requireString = (object: Properties, name: string, allowed?: readonly string[]): string => {
  const value = readString(object, name, allowed);
  if (!value) throw missingParameter(name);
  return value;
};

export const readNumber = (object: Properties, name: string): number | undefined => {
  const value = object[name];
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw invalidParameter(name, `The value of parameter ${name} is invalid: a number is expected.`);
  }
  return value;
};

export const readArray = (object: Properties, name: string): readonly unknown[] | undefined => {
  const value = object[name];
  if (isAbsent(value)) return undefined;
  if (!Array.isArray(value)) throw invalidParameter(name, `The value of parameter ${name} is invalid: a list is expected.`);
  return value;
};

/** Tags of a resource: at most 50, of strings. Source: "Use tags to organize your Azure resources", limitations; read November 2026. */
export const readTags = (object: Properties): Readonly<Record<string, string>> | undefined => {
  const tags = readObject(object, 'tags');
  if (!tags) return undefined;
  const entries = Object.entries(tags);
  if (entries.length > 50) {
    throw new ArmError(400, 'InvalidTagsCount', `The number of tags '${entries.length}' exceeds the allowed maximum of '50'.`);
  }
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    throw new ArmError(
      400,
      'InvalidRequestContent',
      "The request content was invalid and could not be deserialized: 'A tag is not a string.'.",
    );
  }
  return Object.fromEntries(entries as [string, string][]);
};

/**
 * The region of a resource: `East US` and `eastus` are the same.
 * @param type e.g. `Microsoft.Compute/virtualMachines`
 * @throws {ArmError} where the resource type is not offered there
 */
export const readLocation = (object: Properties, regions: readonly string[], type: string): string => {
  const location = readString(object, 'location');
  if (!location) throw new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
  const region = location.replaceAll(' ', '').toLowerCase();
  if (regions.includes(region)) return region;
  throw new ArmError(
    400,
    'LocationNotAvailableForResourceType',
    `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${regions.join(',')}'.`,
  );
};
