import { badBody } from './api-error.ts';
import { type JsonValue, kindOf } from './json-value.ts';

/** What a field may hold, as Go's types say it: which of them is part of the message when it holds something else. */
export type FieldType = 'string' | 'bool' | 'int' | 'int64' | 'float32' | 'float64';

/** Fields of an object that are looked at; `any` are taken as they are. */
export type FieldTypes = Readonly<Record<string, FieldType | 'any'>>;

/** Fields that were there and not null, by their names in the types. */
export type Fields = ReadonlyMap<string, unknown>;

/** What is being read, for messages. */
export interface Place {
  /** Go's name of the structure, e.g. `toxiproxy.Proxy`. */
  readonly struct: string;
  /** Go's name of one of its fields, e.g. `Proxy.listen`. */
  fieldOf(name: string): string;
}

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

const isNumberOf = (type: FieldType, text: string): boolean => {
  if (type === 'float32') return Number.isFinite(Math.fround(Number(text)));
  if (type === 'float64') return Number.isFinite(Number(text));
  if (!/^-?[0-9]+$/.test(text)) return false;
  const whole = BigInt(text);
  return whole >= INT64.min && whole <= INT64.max;
};

const isNumeric = (type: FieldType) => type !== 'string' && type !== 'bool';

/** The value of a field, or what it is instead. */
const readField = (type: FieldType, value: JsonValue): { readonly value: unknown } | { readonly found: string } => {
  if (typeof value === 'object' && value?.type === 'number' && isNumeric(type)) {
    return isNumberOf(type, value.text) ? { value: Number(value.text) } : { found: `number ${value.text}` };
  }
  if (type === 'string' && typeof value === 'string') return { value };
  if (type === 'bool' && typeof value === 'boolean') return { value };
  return { found: kindOf(value) };
};

/**
 * Reads the fields of an object as Go does: names in any case, those that are not known and null left aside, null for the object an
 * object without fields.
 * @throws {ApiError} in the words of Go's encoding/json
 */
export const readFields = (document: JsonValue, types: FieldTypes, place: Place): Fields => {
  const fields = new Map<string, unknown>();
  if (document === null) return fields;
  if (typeof document !== 'object' || document.type !== 'object')
    throw badBody(`json: cannot unmarshal ${kindOf(document)} into Go value of type ${place.struct}`);
  const names = new Map(Object.keys(types).map((name) => [name.toLowerCase(), name]));
  for (const [written, value] of document.members) {
    const name = names.get(written.toLowerCase());
    if (name === undefined || value === null) continue;
    const type = types[name]!;
    if (type === 'any') {
      fields.set(name, value);
      continue;
    }
    const read = readField(type, value);
    if ('found' in read)
      throw badBody(`json: cannot unmarshal ${read.found} into Go struct field ${place.fieldOf(name)} of type ${type}`);
    fields.set(name, read.value);
  }
  return fields;
};
