import { firstOf, overObservations, seconds } from './invariant.ts';

/** The budget's window (harness/serving/retry-budget.ts states it as the design's promise), and the step that it moves on in. */
const WINDOW_MS = 10_000;
const STEP_MS = 100;

/** How many of the sorted times lie in (untilMs - lengthMs, untilMs], for growing `untilMs`. */
const createWindow = (timesMs: readonly number[], lengthMs: number) => {
  let start = 0;
  let end = 0;
  return (untilMs: number): number => {
    while (end < timesMs.length && timesMs[end]! <= untilMs) end += 1;
    while (start < end && timesMs[start]! <= untilMs - lengthMs) start += 1;
    return end - start;
  };
};

/** Retries and hedges stay within the design's budget. */
export const retryBudgetKept = overObservations(
  'retry-budget-kept',
  "Retries and hedges in ten seconds stay within the design's share of the requests in that time, and its minimum.",
  ({ attempts, requests }, { plan }) => {
    const policy = plan.design.retry;
    if (policy === false) return [];
    // A retry is taken from the budget before its back-off: of this shorter window all were taken within the budget's own.
    const shorterMs = WINDOW_MS - STEP_MS - policy.maxBackoffMs;
    if (shorterMs <= 0) return [];
    const byTime = (a: number, b: number) => a - b;
    const extraMs = attempts
      .filter(({ kind }) => kind !== 'primary')
      .map(({ atMs }) => atMs)
      .sort(byTime);
    const extras = createWindow(extraMs, shorterMs);
    const arrivals = createWindow(requests.map(({ acceptedAtMs }) => acceptedAtMs).sort(byTime), WINDOW_MS);
    const over = extraMs.flatMap((atMs) => {
      const taken = extras(atMs);
      const allowed = policy.budgetRatio * arrivals(atMs) + (policy.budgetMinPerS * WINDOW_MS) / 1000;
      return taken > allowed ? [{ atMs, taken, allowed }] : [];
    });
    return firstOf(
      over,
      ({ atMs, taken, allowed }) =>
        `By ${seconds(atMs)} there were ${taken} retries and hedges in ten seconds, and the budget allows ${Math.floor(allowed)}`,
    );
  },
);
