import { z } from 'zod';
import { defineHttpFault } from './fault.ts';
import { codeNumber, HTTP2_CODES } from './settings.ts';

/**
 * The connection of a request is to be left (RFC 9113, section 6.8). With NO_ERROR calls under way end well, and the connection with the
 * last of them; with any other code they are cut, and the connection closed.
 */
export const goaway = defineHttpFault({
  type: 'goaway',
  summary: 'Sends GOAWAY on the connection of a request: in good order with NO_ERROR, else cutting the calls under way.',
  protocols: ['h2'],
  settings: z.strictObject({
    code: z.enum(HTTP2_CODES).default('NO_ERROR').describe('Of GOAWAY.'),
    serveRequest: z
      .boolean()
      .default(true)
      .describe('The request is the last one taken; else the last is the one before it, so that a client may send it again.'),
  }),
  request: ({ code, serveRequest }) => ({ do: 'goaway', code: codeNumber(code), isTaken: serveRequest }),
});
