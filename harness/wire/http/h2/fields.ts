import type { HeaderPairs } from '../faults/fault.ts';

/** What HTTP/1.1 says of a connection, and HTTP/2 forbids (RFC 9113, section 8.2.2). */
const OF_A_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te']);

/** Headers that a rule's author wrote for either protocol, as HTTP/2 has them: in small letters, without the connection's. Names and values in turn. */
export const fieldsOf = (headers: HeaderPairs): string[] =>
  headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !OF_A_CONNECTION.has(name))
    .flat();

/** Header lines as Node takes trailers: lines of one name are a list. @param raw names and values in turn */
export const asHeaders = (raw: readonly string[]): Record<string, string | string[]> => {
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!;
    const value = raw[at + 1]!;
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return headers;
};
