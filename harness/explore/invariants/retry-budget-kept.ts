import type { Design } from '../../serving/config.ts';
import { type Attribution, attribute, waitingAt } from './attribution.ts';
import { type Evidence, firstOf, overObservations, seconds } from './invariant.ts';

/** The budget's window (harness/serving/retry-budget.ts states it as the design's promise), and the step that it moves on in. */
const WINDOW_MS = 10_000;
const STEP_MS = 100;
/** Timers of the web platform are whole milliseconds. */
const GRACE_MS = 1;

/** Of an attempt whose credential may be refused: the wait for one, the call, and the wait for another, each under the attempt's limit. */
const LIMITS_OF_ATTEMPT = 3;

/**
 * Longest that a retry may take from the budget to the wire: its back-off, and where something is wrong with credentials what an attempt
 * has to wait for before the call that counts.
 */
const longestDelayMs = (
  { plan, touched }: Evidence,
  retry: Exclude<Design['retry'], false>,
  { exchanges }: Attribution,
): number => {
  const { attemptTimeoutMs, deadlineMs } = plan.design;
  const hasTrouble =
    touched.flat().some(({ role }) => role === 'secret' || role === 'token') || exchanges.some(({ part }) => part === 'refused');
  const limitMs = Math.min(
    attemptTimeoutMs === false ? Number.POSITIVE_INFINITY : attemptTimeoutMs * LIMITS_OF_ATTEMPT,
    deadlineMs === false ? Number.POSITIVE_INFINITY : deadlineMs,
  );
  return retry.maxBackoffMs + GRACE_MS + (hasTrouble ? limitMs : 0);
};

/** How many of the sorted times are at most this. */
const countUntil = (timesMs: readonly number[], untilMs: number): number => {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesMs[middle]! <= untilMs) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** How many of the sorted times lie in (untilMs - lengthMs, untilMs]. */
const countWithin = (timesMs: readonly number[], untilMs: number, lengthMs: number): number =>
  countUntil(timesMs, untilMs) - countUntil(timesMs, untilMs - lengthMs);

/** The most requests that a window of the budget held which ended in [fromMs, untilMs]. */
const mostWithin = (timesMs: readonly number[], fromMs: number, untilMs: number): number => {
  let most = countWithin(timesMs, fromMs, WINDOW_MS);
  for (let at = countUntil(timesMs, fromMs); at < timesMs.length && timesMs[at]! <= untilMs; at += 1) {
    most = Math.max(most, countWithin(timesMs, timesMs[at]!, WINDOW_MS));
  }
  return most;
};

/** Retries and hedges stay within the design's budget. */
export const retryBudgetKept = overObservations(
  'retry-budget-kept',
  "Calls of providers beyond the first of each request, in ten seconds, stay within the design's share of the requests in that time, and its minimum.",
  (observations, evidence) => {
    const { retry } = evidence.plan.design;
    if (retry === false) return [];
    const attribution = attribute(observations);
    const delayMs = longestDelayMs(evidence, retry, attribution);
    // What was sent within this shorter window was all taken within one window of the budget, which ended when the last of it was taken: in
    // [atMs - delayMs, atMs]. It is the requests of that one that it was allowed for, not those of the window that ends when it was sent.
    const shorterMs = WINDOW_MS - STEP_MS - delayMs;
    if (shorterMs <= 0) return [];
    const extraMs = attribution.exchanges
      .filter(({ part }) => part === 'extra' || part === 'stray')
      .map(({ exchange }) => exchange.atMs);
    const arrivalMs = observations.requests.map(({ acceptedAtMs }) => acceptedAtMs);
    const allowedBy = (requests: number) => retry.budgetRatio * requests + (retry.budgetMinPerS * WINDOW_MS) / 1000;
    const over = extraMs.flatMap((atMs) => {
      const sent = countWithin(extraMs, atMs, shorterMs);
      if (sent <= allowedBy(0)) return [];
      const allowed = allowedBy(mostWithin(arrivalMs, atMs - delayMs, atMs));
      if (sent <= allowed) return [];
      const certain = sent - waitingAt(attribution.spans, atMs - shorterMs);
      return certain > allowed ? [{ atMs, certain, allowed }] : [];
    });
    return firstOf(
      over,
      ({ atMs, certain, allowed }) =>
        `By ${seconds(atMs)} providers were called ${certain} times in ${seconds(shorterMs)} beyond the first call for each request, and the budget allows ${Math.floor(allowed)} in ten`,
    );
  },
);
