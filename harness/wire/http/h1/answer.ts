import { STATUS_CODES } from 'node:http';
import type { HeaderPairs } from '../faults/fault.ts';

export interface Http1Answer {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: string;
}

const BODYLESS_STATUSES = new Set([204, 304]);

/** An answer as it goes over the wire. @param method of the request: HEAD is answered without a body */
export const formatAnswer = ({ status, headers, body }: Http1Answer, method: string, isLast: boolean): Buffer => {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const hasBody = !BODYLESS_STATUSES.has(status);
  const content = Buffer.from(hasBody ? body : '');
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(hasBody && !names.has('content-length') && !names.has('transfer-encoding') ? [`content-length: ${content.length}`] : []),
    ...(isLast && !names.has('connection') ? ['connection: close'] : []),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return method === 'HEAD' ? head : Buffer.concat([head, content]);
};

/** What the proxy has to say itself, as JSON. */
export const refusal = (status: number, message: string): Http1Answer => ({
  status,
  headers: [['content-type', 'application/json']],
  body: JSON.stringify({ error: message }),
});

/** A piece of a chunked body. */
export const chunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`, 'latin1'), bytes, Buffer.from('\r\n', 'latin1')]);

/** The end of a chunked body. @param trailers as they came, with their empty line; empty when there are none */
export const lastChunk = (trailers: Buffer): Buffer =>
  Buffer.concat([Buffer.from('0\r\n', 'latin1'), trailers.length > 0 ? trailers : Buffer.from('\r\n', 'latin1')]);
