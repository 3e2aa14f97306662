import { z } from 'zod';
import { rate } from '../scenario/units.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  from: rate
    .refine((perS) => perS > 0, 'expected a rate above 0; a region that takes nothing is a region-outage')
    .prefault('10/s')
    .describe('Requests a second that each matching endpoint gets done when the fault starts.'),
  to: rate
    .refine((perS) => perS > 0, 'expected a rate above 0')
    .prefault('100/s')
    .describe('The same when it ends; it grows in a straight line.'),
});

/** What comes too fast waits in a queue, and has its turn there also when its caller has gone: the region does not know. */
const effect = ({ from, to }: z.output<typeof settings>): FaultEffect => {
  /** By link, when the queue is through, milliseconds after the fault began. */
  const throughMs = new Map<string, number>();
  return {
    async intercept(exchange, forward) {
      const { elapsedMs, forMs, link } = exchange;
      const startMs = Math.max(elapsedMs, throughMs.get(link.id) ?? 0);
      const perS = from + (to - from) * Math.min(1, startMs / forMs);
      throughMs.set(link.id, startMs + 1000 / perS);
      // The queue is gone with the fault: the region has all its capacity then.
      await exchange.delay(Math.max(0, Math.min(startMs, forMs) - elapsedMs));
      return forward();
    },
  };
};

/** A region that is back, and not yet what it was: caches are empty, instances start, models are loaded. */
export const coldRegion = defineFaultKind({
  kind: 'cold-region',
  summary: 'A region gets only few requests done a second, more as it warms up; what comes faster waits in a queue.',
  settings,
  explore: { from: { min: '5/s', max: '50/s' }, to: { min: '50/s', max: '200/s' } },
  live: effect,
  sim: effect,
});
