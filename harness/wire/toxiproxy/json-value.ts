/** A number as it was written: whether it is whole is a matter of its text (`1e3` is not), as it is to Go. */
export interface JsonNumber {
  readonly type: 'number';
  readonly text: string;
}

export interface JsonArray {
  readonly type: 'array';
  readonly items: readonly JsonValue[];
}

export interface JsonObject {
  readonly type: 'object';
  /** In the order of the document, a name that comes twice included. */
  readonly members: readonly (readonly [name: string, value: JsonValue])[];
}

export type JsonValue = null | boolean | string | JsonNumber | JsonArray | JsonObject;

/** As Go's messages call it. */
export const kindOf = (value: JsonValue): string => {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : value.type;
};

/** As `JSON.parse` gives it. */
export const toPlain = (value: JsonValue): unknown => {
  if (value === null || typeof value !== 'object') return value;
  if (value.type === 'number') return Number(value.text);
  if (value.type === 'array') return value.items.map(toPlain);
  return Object.fromEntries(value.members.map(([name, member]) => [name, toPlain(member)]));
};
