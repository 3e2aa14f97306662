import { meanIn, type Subject } from '../fit/measures.ts';
import { percent } from '../fit/text.ts';
import type { BoundsDraft } from './draft.ts';

/** How much worse than in the recording a run may be. */
const ALLOWANCE = 0.1;
const STEADY_ALLOWANCE = 0.05;

/** Share of calls that succeeded in a stretch of the recording, on average over the regions. */
export const availabilityIn = (subjects: readonly Subject[], fromMs: number, toMs: number): number => {
  const shares = subjects.map((subject) => {
    const from = subject.points.findIndex(({ atMs }) => atMs + subject.intervalMs > fromMs);
    const to = subject.points.findLastIndex(({ atMs }) => atMs < toMs) + 1;
    return from < 0 || to <= from ? 1 : 1 - (meanIn(subject, { from, to }, 'errorRate') ?? 0);
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
};

/** A share in percent with one decimal, rounded down; null for nothing. */
const leastOf = (availability: number, allowance: number): string | null => {
  const least = Math.floor((availability - allowance) * 1000 + 1e-6) / 1000;
  return least > 0 ? percent(least) : null;
};

/** A run is hardly worse than the recording; null where nearly nothing was answered. */
export const availabilityBound = (availability: number): BoundsDraft | null => {
  const min = leastOf(availability, ALLOWANCE);
  if (min === null) return null;
  return {
    bounds: { availability: { min } },
    because: `${percent(availability)} in the recording: no more than 10 points worse.`,
  };
};

/** For all of a run: it may expect nothing, but has to say so. */
export const overallBound = (availability: number): BoundsDraft =>
  availabilityBound(availability) ?? {
    bounds: { availability: { min: '0%' } },
    because: 'Nearly nothing was answered in the recording: nothing is expected.',
  };

/** @param usualError share of the calls that failed when all was as usual */
export const steadyBound = (usualError: number): BoundsDraft => ({
  bounds: { availability: { min: leastOf(1 - usualError, STEADY_ALLOWANCE) ?? '0%' } },
  because: `${percent(usualError)} of the calls failed when all was as usual.`,
});
