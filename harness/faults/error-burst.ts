import { z } from 'zod';
import type { FailureCondition } from '../../mocks/control.ts';
import { duration } from '../scenario/units.ts';
import { failureAt } from './failure.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const conditions = ['unavailable', 'internal', 'throttled', 'model-error'] as const satisfies readonly FailureCondition[];

const settings = z
  .strictObject({
    condition: z
      .enum(conditions)
      .default('unavailable')
      .describe('What the provider says is wrong, in its own shape and with its own status: AWS, Google and Azure differ.'),
    burst: duration
      .refine((ms) => ms > 0, 'expected a burst above 0ms')
      .prefault('500ms')
      .describe('Length of a burst, in which every touched request fails.'),
    every: duration
      .refine((ms) => ms > 0, 'expected a period above 0ms')
      .prefault('2s')
      .describe('From the start of one burst to the start of the next; the first starts with the fault.'),
  })
  .refine(({ burst, every }) => burst <= every, {
    path: ['burst'],
    message: 'is longer than every, the time from one burst to the next',
  });

const effect = ({ condition, burst, every }: z.output<typeof settings>): FaultEffect => ({
  intercept: async ({ link, elapsedMs }, forward) => (elapsedMs % every < burst ? failureAt(link, condition) : forward()),
});

/** The provider answers with errors now and then. */
export const errorBurst = defineFaultKind({
  kind: 'error-burst',
  summary: "Requests fail in bursts, with the provider's own errors.",
  settings,
  explore: { burst: { min: '100ms', max: '2s' }, every: { min: '500ms', max: '4s' } },
  live: effect,
  sim: effect,
});
