import { z } from 'zod';
import { defineToxic } from './toxic.ts';

export const connectionLimit = defineToxic({
  type: 'connection_limit',
  summary: 'Lets only so many connections be open at a time.',
  attributes: z.object({
    connections: z.int().min(0).optional().describe('Most connections at a time; no limit when left out.'),
    excess: z
      .enum(['reset', 'wait'])
      .optional()
      .describe(
        'What becomes of the others: reset at once (when left out), or kept waiting until there is room, first come, first served.',
      ),
  }),
  admit({ connections = Number.POSITIVE_INFINITY, excess = 'reset' }, { open }) {
    if (open < connections) return { type: 'accept' };
    return excess === 'reset' ? { type: 'reset' } : { type: 'queue' };
  },
});
