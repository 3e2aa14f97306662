import { z } from 'zod';
import { distributions } from '../distributions.ts';
import { duration, MAX_DURATION_MS } from '../scenario/units.ts';
import { defineFaultKind, type Exchange, type FaultEffect } from './kind.ts';
import { refuseUnused } from './unused-settings.ts';

/** Fallbacks of the settings that only some shapes read. */
const FALLBACK = { jitter: '200ms', distribution: 'lognormal', from: '0ms' } as const;

const settings = z
  .strictObject({
    shape: z
      .enum(['constant', 'jitter', 'ramp'])
      .default('constant')
      .describe('The same delay for each request, a delay drawn for each, or one that grows in a straight line over the fault.'),
    delay: duration
      .refine((ms) => ms > 0, 'expected a delay above 0ms')
      .prefault('500ms')
      .describe('Added to each request; the mean with jitter, the delay at the end with ramp.'),
    jitter: duration
      .optional()
      .describe(`Shape jitter: standard deviation of the delay, draws below 0ms count as 0ms; ${FALLBACK.jitter} when left out.`),
    distribution: z
      .enum(['uniform', 'normal', 'lognormal', 'pareto'])
      .optional()
      .describe(
        `Shape jitter: what the delay is drawn from, pareto has the heaviest tail; ${FALLBACK.distribution} when left out.`,
      ),
    from: duration.optional().describe(`Shape ramp: the delay at the start; ${FALLBACK.from} when left out.`),
  })
  .superRefine(refuseUnused('shape', { jitter: ['jitter'], distribution: ['jitter'], from: ['ramp'] }));

type Settings = z.output<typeof settings>;

const delayOf: Readonly<Record<Settings['shape'], (settings: Settings) => (exchange: Exchange) => number>> = {
  constant:
    ({ delay }) =>
    () =>
      delay,
  jitter: ({ delay, jitter = duration.parse(FALLBACK.jitter), distribution = FALLBACK.distribution }) => {
    const draw = distributions[distribution];
    return (exchange) => (jitter === 0 ? delay : draw(delay, jitter, () => exchange.random()));
  },
  ramp:
    ({ delay, from = duration.parse(FALLBACK.from) }) =>
    ({ elapsedMs, forMs }) =>
      from + (delay - from) * Math.min(1, elapsedMs / forMs),
};

const effect = (given: Settings): FaultEffect => {
  const delayMs = delayOf[given.shape](given);
  return {
    // Waited for on the way in: a request that its caller gives up while it waits costs the provider nothing.
    async intercept(exchange, forward) {
      await exchange.delay(Math.min(MAX_DURATION_MS, Math.max(0, delayMs(exchange))));
      return forward();
    },
  };
};

/** Requests take longer than they should. */
export const latencySpike = defineFaultKind({
  kind: 'latency-spike',
  summary: 'Requests are held up on their way to the provider: by a constant, a jittering or a growing delay.',
  settings,
  explore: { delay: { min: '50ms', max: '5s' }, jitter: { min: '20ms', max: '1s' }, from: { min: '10ms', max: '500ms' } },
  live: effect,
  sim: effect,
});
