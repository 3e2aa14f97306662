import { z } from 'zod';
import { duration } from '../../../scenario/units.ts';
import { defineHttpFault } from './fault.ts';

/** A request goes on later. */
export const delay = defineHttpFault({
  type: 'delay',
  summary: 'Holds a request back before it goes on.',
  protocols: ['http/1.1', 'h2'],
  settings: z.strictObject({
    latency: duration.describe('How long.'),
    jitter: duration.prefault('0ms').describe('The delay is drawn evenly from so much less to so much more.'),
  }),
  request: ({ latency, jitter }, random) => ({ do: 'wait', forMs: Math.max(0, latency + (2 * random() - 1) * jitter) }),
});
