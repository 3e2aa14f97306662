/** A request's or an answer's head, read for what the wire must know of it. */
export interface Head {
  /** The bytes, to the empty line. */
  readonly raw: Buffer;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
}

export interface RequestHead extends Head {
  readonly method: string;
  readonly target: string;
}

export interface ResponseHead extends Head {
  readonly status: number;
}

/** How the end of a body is known (RFC 9112, section 6.3). */
export type Framing =
  | { readonly by: 'none' }
  | { readonly by: 'length'; readonly bytes: number }
  | { readonly by: 'chunks' }
  | { readonly by: 'close' };

/** What came is not HTTP/1.1, or in doubt about its own length. */
export class NotHttp extends Error {
  override readonly name = 'NotHttp';
}

const NONE: Framing = { by: 'none' };
const CHUNKS: Framing = { by: 'chunks' };
const UNTIL_CLOSE: Framing = { by: 'close' };

const lines = (raw: Buffer): string[] => raw.toString('latin1', 0, raw.length - 4).split('\r\n');

const readHeaders = (lines: readonly string[]): string[] => {
  const headers: string[] = [];
  for (let at = 1; at < lines.length; at++) {
    const line = lines[at]!;
    const colon = line.indexOf(':');
    if (colon > 0) headers.push(line.slice(0, colon), line.slice(colon + 1).trim());
    // Folded lines are obsolete, and still part of the value before (RFC 9112, section 5.2).
    else if (/^[ \t]/.test(line) && headers.length > 0) headers[headers.length - 1] += ` ${line.trim()}`;
    else throw new NotHttp(`expected a header line, got ${JSON.stringify(line.slice(0, 80))}`);
  }
  return headers;
};

const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) (\S+) HTTP\/1\.[01]$/;
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)(?: .*)?$/;

/** @throws {NotHttp} */
export const readRequestHead = (raw: Buffer): RequestHead => {
  const all = lines(raw);
  const [, method, target] = REQUEST_LINE.exec(all[0]!) ?? [];
  if (method === undefined) throw new NotHttp(`expected a request line of HTTP/1.1, got ${JSON.stringify(all[0]!.slice(0, 80))}`);
  return { raw, headers: readHeaders(all), method, target: target! };
};

/** @throws {NotHttp} */
export const readResponseHead = (raw: Buffer): ResponseHead => {
  const all = lines(raw);
  const [, status] = STATUS_LINE.exec(all[0]!) ?? [];
  if (status === undefined) throw new NotHttp(`expected a status line of HTTP/1.1, got ${JSON.stringify(all[0]!.slice(0, 80))}`);
  return { raw, headers: readHeaders(all), status: Number(status) };
};

/** All values of a header, joined as a list. Undefined when it is not there. @param name in small letters */
export const headerOf = (headers: readonly string[], name: string): string | undefined => {
  let value: string | undefined;
  for (let at = 0; at < headers.length; at += 2) {
    const candidate = headers[at]!;
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue;
    value = value === undefined ? headers[at + 1]! : `${value}, ${headers[at + 1]!}`;
  }
  return value;
};

const isChunked = (coding: string): boolean => /(?:^|,)\s*chunked\s*$/i.test(coding);

const framingByLength = (headers: readonly string[]): Framing | undefined => {
  const text = headerOf(headers, 'content-length');
  if (text === undefined) return undefined;
  const [first, ...others] = text.split(',').map((one) => one.trim());
  if (!/^\d{1,15}$/.test(first!) || others.some((one) => one !== first)) {
    throw new NotHttp(`expected one content-length, got ${JSON.stringify(text.slice(0, 80))}`);
  }
  return first === '0' ? NONE : { by: 'length', bytes: Number(first) };
};

/** @throws {NotHttp} */
export const framingOfRequest = ({ headers }: RequestHead): Framing => {
  const coding = headerOf(headers, 'transfer-encoding');
  if (coding === undefined) return framingByLength(headers) ?? NONE;
  if (isChunked(coding)) return CHUNKS;
  throw new NotHttp(`expected a transfer-encoding that ends with chunked, got ${JSON.stringify(coding.slice(0, 80))}`);
};

/** @throws {NotHttp} */
export const framingOfResponse = ({ headers, status }: ResponseHead, method: string): Framing => {
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return NONE;
  const coding = headerOf(headers, 'transfer-encoding');
  if (coding !== undefined) return isChunked(coding) ? CHUNKS : UNTIL_CLOSE;
  return framingByLength(headers) ?? UNTIL_CLOSE;
};
