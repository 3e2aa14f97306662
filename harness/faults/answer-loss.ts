import { z } from 'zod';
import { ConnectionReset, defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  mode: z
    .enum(['reset', 'blackhole'])
    .prefault('reset')
    .describe('What the caller gets instead of the answer: a reset of its connection, or nothing until it gives up.'),
});

const effect = ({ mode }: z.output<typeof settings>): FaultEffect => ({
  async intercept({ lose }, forward) {
    const answer = await forward();
    // To its end, so that the connection to the service is left as it would be.
    await answer.arrayBuffer();
    if (mode === 'blackhole') return lose();
    throw new ConnectionReset('the answer was lost');
  },
});

/** What was asked for is done, and its caller does not get to know: it cannot tell that from a request that was lost. */
export const answerLoss = defineFaultKind({
  kind: 'answer-loss',
  summary: 'Requests are served, and their answers are lost on the way back: whoever asks again asks for it to be done twice.',
  settings,
  appliesTo: ({ role }) => role === 'inference' || role === 'service',
  live: effect,
  sim: effect,
});
