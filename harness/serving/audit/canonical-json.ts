/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * One text for one value, by the JSON Canonicalization Scheme (RFC 8785): no white space, keys in the order of their UTF-16 code units, numbers
 * and texts as ECMAScript writes them.
 * @throws {TypeError} for a number that JSON does not have
 */
export const canonicalJson = (value: Json): string => {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`JSON has no ${value}.`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = value as { readonly [key: string]: Json };
  // Without a comparison, `sort` goes by UTF-16 code units, as the scheme asks.
  return `{${Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(fields[key]!)}`)
    .join(',')}}`;
};
