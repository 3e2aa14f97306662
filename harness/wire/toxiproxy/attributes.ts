import { z } from 'zod';
import type { ToxicKind } from '../toxics/toxic.ts';
import { badBody } from './api-error.ts';
import { type FieldType, type FieldTypes, readFields } from './json-fields.ts';
import { type JsonValue, toPlain } from './json-value.ts';

export type Attributes = Readonly<Record<string, unknown>>;

/** Toxiproxy's structures that are not called as their toxic is. */
const STRUCTS: Readonly<Record<string, string>> = { reset_peer: 'ResetToxic' };
/** Toxics whose whole numbers are of another Go type than the others'. */
const INT_TYPES: Readonly<Record<string, FieldType>> = { slicer: 'int' };

/** `LatencyToxic`. */
const structOf = (type: string): string =>
  STRUCTS[type] ?? `${type.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Toxic`;

/** Go's type of each attribute, by the kind's own schema. */
const fieldTypesOf = ({ type, attributes }: ToxicKind): FieldTypes => {
  const { properties = {} } = z.toJSONSchema(attributes, { io: 'input', unrepresentable: 'any' });
  const typeOf = (schema: z.core.JSONSchema._JSONSchema): FieldTypes[string] => {
    switch (typeof schema === 'boolean' ? undefined : schema.type) {
      case 'integer':
        return INT_TYPES[type] ?? 'int64';
      case 'number':
        return 'float64';
      case 'string':
        return 'string';
      case 'boolean':
        return 'bool';
      default:
        return 'any';
    }
  };
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, typeOf(schema)]));
};

/**
 * Attributes of a toxic of that kind: those that are given, `earlier` ones or the kind's defaults for the others.
 * @param given null where there are none
 * @throws {ApiError}
 */
export const readAttributes = (kind: ToxicKind, given: JsonValue, earlier: Attributes = {}): Attributes => {
  const struct = structOf(kind.type);
  const fields = readFields(given, fieldTypesOf(kind), { struct, fieldOf: (name) => `${struct}.attributes.${name}` });
  const plain = [...fields].map(([name, value]) => [name, isDocument(value) ? toPlain(value) : value]);
  const parsed = kind.attributes.safeParse({ ...earlier, ...Object.fromEntries(plain) });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badBody(`attributes.${issue?.path.join('.')}: ${issue?.message}`);
};

const isDocument = (value: unknown): value is JsonValue => typeof value === 'object';

/** Go's name of the type of a kind's attributes, e.g. `toxics.LatencyToxic`. */
export const attributesType = (kind: ToxicKind | null): string => `toxics.${kind ? structOf(kind.type) : 'NoopToxic'}`;
