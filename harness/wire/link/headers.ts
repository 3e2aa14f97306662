/**
 * Headers that belong to one connection, not to the message (RFC 9110, section 7.6.1), and `expect`, which the wire has
 * answered itself. All others pass as they came: order, case and repetition kept, `host` included, which SigV4 signs.
 */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/** @param raw names and values in turn, as Node's `rawHeaders`; the result has the same form */
export const endToEndHeaders = (raw: readonly string[]): string[] => {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    if (!HOP_BY_HOP.has(raw[i]!.toLowerCase())) kept.push(raw[i]!, raw[i + 1]!);
  }
  return kept;
};

/** The same pairs as a Headers object. */
export const toHeaders = (raw: readonly string[]): Headers => {
  const headers = new Headers();
  for (let i = 0; i < raw.length; i += 2) headers.append(raw[i]!, raw[i + 1]!);
  return headers;
};

/** A Headers object as pairs; each `set-cookie` stays a line of its own. */
export const fromHeaders = (headers: Headers): string[] => [...headers].flat();
