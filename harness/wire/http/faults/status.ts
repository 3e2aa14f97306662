import { z } from 'zod';
import { defineHttpFault } from './fault.ts';
import { headers, pairsOf } from './settings.ts';

/** An answer that the upstream never gave. */
export const status = defineHttpFault({
  type: 'status',
  summary: 'Answers with a status; the upstream never sees the request.',
  protocols: ['http/1.1', 'h2'],
  settings: z.strictObject({
    status: z.int().min(200).max(599).describe('E.g. 503.'),
    headers: headers.describe('E.g. { retry-after: "2" }.'),
    body: z.string().optional().describe('As it is sent.'),
  }),
  request: ({ status, headers, body = '' }) => ({ do: 'answer', status, headers: pairsOf(headers), body }),
});
