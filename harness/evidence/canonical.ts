import { createHash } from 'node:crypto';

/** Values that JSON has; what is undefined is left out, as JSON.stringify does. */
const write = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((item) => write(item === undefined ? null : item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    // By UTF-16 code units, which is how < compares texts.
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`).join(',')}}`;
};

/**
 * The one text that a JSON value has: members by name, no spaces, numbers and texts as ECMAScript writes them (RFC 8785, the JSON
 * Canonicalization Scheme, read November 2026).
 */
export const canonicalJson = (value: unknown): string => write(value);

/** SHA-256 in lower-case hexadecimal digits. */
export const sha256Of = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Of a value's canonical JSON. */
export const sha256OfValue = (value: unknown): string => sha256Of(canonicalJson(value));
