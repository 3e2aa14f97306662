import { z } from 'zod';
import { defineHttpFault } from './fault.ts';
import { afterMessages, stream } from './settings.ts';

/** A close frame has 125 bytes at most, two of them the code (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

/** A WebSocket is closed in good order, by neither of its ends. */
export const websocketClose = defineHttpFault({
  type: 'websocket-close',
  summary: 'Closes a WebSocket with a code, towards both ends.',
  protocols: ['websocket'],
  settings: z.strictObject({
    afterMessages,
    code: z.int().min(1000).max(4999).default(1011).describe('E.g. 1012, the service restarts.'),
    reason: z
      .string()
      .refine((reason) => Buffer.byteLength(reason) <= MAX_REASON_BYTES, `expected at most ${MAX_REASON_BYTES} bytes`)
      .optional()
      .describe('Up to 123 bytes.'),
    stream,
  }),
  stream: ({ stream }) => stream,
  messages: ({ afterMessages, code, reason = '' }) => ({ do: 'close', afterMessages, code, reason }),
});
