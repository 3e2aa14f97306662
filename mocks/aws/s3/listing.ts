/** What a list of keys is narrowed to. */
export interface ListingQuery {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** Entries up to and with this one are left out: a key, or a common prefix with all under it. */
  readonly after: string;
  /** Most entries: keys and common prefixes together. */
  readonly limit: number;
}

export interface Listing {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** The last entry of a list that goes on; null at the end of it. */
  readonly last: string | null;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000;

/** Order of the keys' UTF-8, which is S3's: that of UTF-16 with what takes two units behind all else. */
export const compareKeys = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left === right) continue;
    return isSurrogate(left) === isSurrogate(right) ? left - right : isSurrogate(left) ? 1 : -1;
  }
  return a.length - b.length;
};

/** What all keys that go on after the delimiter are listed as; null for a key that has no delimiter after the prefix. */
const commonPrefixOf = (key: string, { prefix, delimiter }: ListingQuery): string | null => {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at === -1 ? null : key.slice(0, at + delimiter.length);
};

/** A page of the keys, in order. */
export const listKeys = (all: Iterable<string>, query: ListingQuery): Listing => {
  const { prefix, after, limit } = query;
  const sorted = [...all].filter((key) => key.startsWith(prefix) && compareKeys(key, after) > 0).sort(compareKeys);
  const keys: string[] = [];
  const commonPrefixes: string[] = [];
  let last = after;
  for (const key of sorted) {
    const commonPrefix = commonPrefixOf(key, query);
    if (commonPrefix !== null && commonPrefix === last) continue;
    // A page of none is no page of a longer list: it would have no end.
    if (keys.length + commonPrefixes.length === limit) return { keys, commonPrefixes, last: limit === 0 ? null : last };
    if (commonPrefix === null) keys.push(key);
    else commonPrefixes.push(commonPrefix);
    last = commonPrefix ?? key;
  }
  return { keys, commonPrefixes, last: null };
};
