import { z } from 'zod';
import { defineHttpFault } from './fault.ts';
import { codeNumber, HTTP2_CODES } from './settings.ts';

/** A request meets a reset. */
export const reset = defineHttpFault({
  type: 'reset',
  summary: 'Resets the connection (HTTP/1.1) or the stream (HTTP/2) of a request, which the upstream never sees.',
  protocols: ['http/1.1', 'h2'],
  settings: z.strictObject({
    code: z.enum(HTTP2_CODES).default('INTERNAL_ERROR').describe('Of RST_STREAM, on HTTP/2.'),
  }),
  request: ({ code }) => ({ do: 'reset', code: codeNumber(code) }),
});
