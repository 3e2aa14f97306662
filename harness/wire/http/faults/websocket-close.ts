import { z } from 'zod';
import { defineHttpFault } from './fault.ts';
import { afterMessages, stream } from './settings.ts';

/** Not to be sent, or not given a meaning yet (RFC 6455, section 7.4). */
const isReserved = (code: number): boolean => (code >= 1004 && code <= 1006) || (code >= 1015 && code <= 2999);

/** A close frame has 125 bytes at most, two of them the code (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

/** A WebSocket is closed in good order, by neither of its ends. */
export const websocketClose = defineHttpFault({
  type: 'websocket-close',
  summary: 'Closes a WebSocket with a code, towards both ends.',
  protocols: ['websocket'],
  settings: z.strictObject({
    afterMessages,
    code: z
      .int()
      .min(1000)
      .max(4999)
      .refine((code) => !isReserved(code), 'expected a code that may be sent: 1004 to 1006 and 1015 to 2999 may not')
      .default(1011)
      .describe('E.g. 1012, the service restarts.'),
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
