import { z } from 'zod';
import { whole } from './fields.ts';
import { defineToxic } from './toxic.ts';

/** The kernel has answered the caller by then (SYN-ACK): it is connected, and hears nothing. */
export const slowAccept = defineToxic({
  type: 'slow_accept',
  summary: 'Keeps a new connection waiting before it is served.',
  attributes: z.object({
    delay: whole('How long, milliseconds.'),
    jitter: whole('The delay is drawn evenly from so much less to so much more, milliseconds.'),
  }),
  admit({ delay, jitter }, { random }) {
    const forMs = delay + (jitter > 0 ? (2 * random() - 1) * jitter : 0);
    return forMs > 0 ? { type: 'wait', forMs } : { type: 'accept' };
  },
});
