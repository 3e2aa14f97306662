import { constants } from 'node:http2';
import { z } from 'zod';
import { duration } from '../../../scenario/units.ts';

/** Settings that several kinds have, each with the same words. */

export const stream = z
  .enum(['downstream', 'upstream'])
  .default('downstream')
  .describe('Which way: downstream is what the upstream sends to the caller.');

export const cutBy = z
  .enum(['close', 'reset'])
  .default('close')
  .describe('close: FIN, or END_STREAM on HTTP/2; reset: RST, or RST_STREAM on HTTP/2.');

const count = z.int().min(0);

/** How far a body goes before the fault acts: one of them, none is the start. */
export const mark = {
  afterBytes: count.optional().describe('So many bytes of the body pass first.'),
  afterEvents: count.optional().describe('So many server-sent events pass first.'),
  afterMessages: count.optional().describe('So many gRPC messages pass first.'),
};

export const afterMessages = count.default(0).describe('So many messages pass first.');

/** Durations that are over only with the connection are left out. */
export const forHowLong = duration.optional().describe('How long; for ever when left out.');

/** RFC 9113, section 7. */
export const HTTP2_CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;
export type Http2Code = (typeof HTTP2_CODES)[number];

export const codeNumber = (code: Http2Code): number => constants[`NGHTTP2_${code}`];

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~\w-]+$/, { error: ({ input }) => `expected a header name, got ${JSON.stringify(input)}` });
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a header's value must not have.
const headerValue = z.string().regex(/^[^\x00\r\n]*$/, { error: 'expected a header value on one line' });

/** Headers by name; a list is several lines of the same name. */
export const headers = z.record(headerName, z.union([headerValue, z.array(headerValue)])).optional();

export const pairsOf = (record: z.output<typeof headers> = {}): (readonly [string, string])[] =>
  Object.entries(record).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const));
