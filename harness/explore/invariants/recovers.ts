import { LAST_WINDOW_MS } from '../bounds.ts';
import { type Invariant, seconds } from './invariant.ts';
import { percent, qualityWithin } from './quality.ts';

/** Of the requests after recovery, shares that must be answered, and answered at full quality. */
const MIN_SUCCEEDED = 0.95;
const MIN_FULL = 0.9;

/** When the last fault is lifted the service comes back: no failure feeds itself. */
export const recovers: Invariant = {
  name: 'recovers',
  summary: 'Within a bound after the last fault is lifted the service is back, at full quality: no failure outlives its trigger.',
  needs: 'record',
  check: ({ plan, record, bounds }) => {
    const { faults, durationMs, load } = plan.scenario;
    const liftedMs = Math.max(0, ...faults.map(({ atMs, forMs }) => atMs + forMs));
    // The bound may be given by a scenario that lets faults last until close to its end.
    const fromMs = Math.min(liftedMs + bounds.recoverWithinMs, durationMs - LAST_WINDOW_MS);
    const quality = fromMs >= liftedMs ? qualityWithin(record.requests, load, fromMs, durationMs) : undefined;
    if (!quality || (quality.succeeded >= MIN_SUCCEEDED && quality.full >= MIN_FULL)) return [];
    return [
      `The last fault was lifted at ${seconds(liftedMs)}, and from ${seconds(fromMs)} to the end ${percent(quality.succeeded)} of ${quality.requests} requests were answered and ${percent(quality.full)} at full quality; required ${percent(MIN_SUCCEEDED)} and ${percent(MIN_FULL)}.`,
    ];
  },
};
