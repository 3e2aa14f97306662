import { sentPathOf } from '../shared/sent-path.ts';
import { urlPartsOf } from '../shared/url-parts.ts';

/** A path that needs no encoding, and has no empty segments. URL has taken care of `.` and `..`. */
const PLAIN_PATH = /^(?:\/[\w.~-]+)*\/?$/;

/** Percent-encodes all but RFC 3986's unreserved characters. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** The path as it was sent is encoded once more; slashes that follow each other count as one. */
const canonicalPath = (path: string): string => {
  if (PLAIN_PATH.test(path)) return path;
  const segments = path.split('/').filter((segment) => segment !== '');
  return `/${segments.map(encode).join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Sorted by name, then by value. */
const canonicalQuery = (search: string, without: string | null): string => {
  if (search === '') return '';
  return [...new URLSearchParams(search)]
    .filter(([name]) => name !== without)
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
};

/** Without white space around it, and with one space for several in it. */
const canonicalValue = (value: string): string =>
  value.includes('  ') || value.includes('\t') || value.startsWith(' ') || value.endsWith(' ')
    ? value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')
    : value;

const isAscending = (names: readonly string[]): boolean =>
  names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name);

/**
 * The canonical request of Signature Version 4, of a request that arrived.
 * As the SDKs write it: test/peers holds this to their signatures.
 * @param signedHeaders as the signature lists them; one that the request lacks counts as empty
 * @param bodyHash of the body's bytes, 64 hexadecimal digits in lower case; at S3 what `x-amz-content-sha256` says in its stead
 * @param form `isPathAsSent`: S3 alone takes the path as it is, where the others encode it once more; `isPresigned`: the signature is in the
 * query, which it cannot be made over
 */
export const canonicalRequestOf = (
  request: Request,
  signedHeaders: readonly string[],
  bodyHash: string,
  { isPathAsSent = false, isPresigned = false } = {},
): string => {
  const { method, url: href, headers } = request;
  const { path, search } = urlPartsOf(href);
  const names = isAscending(signedHeaders) ? signedHeaders : [...new Set(signedHeaders)].sort();
  let lines = '';
  for (const name of names) {
    const value = headers.get(name) ?? (name === 'host' ? new URL(href).host : '');
    lines += `${name}:${canonicalValue(value)}\n`;
  }
  return `${method}\n${isPathAsSent ? sentPathOf(request) : canonicalPath(path)}\n${canonicalQuery(search, isPresigned ? 'X-Amz-Signature' : null)}\n${lines}\n${names.join(';')}\n${bodyHash}`;
};
