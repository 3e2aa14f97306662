import type { Subject } from '../fit/measures.ts';
import { durationText } from '../fit/text.ts';

/** Name of the design that calls as the recording's callers did. */
export const AS_RECORDED = 'as-recorded';

/** Patience of callers where the recording tells none, and at most; milliseconds. */
const PATIENCE_MS = 2000;
const MAX_PATIENCE_MS = 25_000;
const LEAST_PATIENCE_MS = 100;

/** More patient than this many times the time that the slowest calls took. */
const BEYOND_SLOWEST = 1.5;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;

/**
 * How long callers wait for an answer, milliseconds: as long as calls took that got none, where there were such; else longer than the slowest took.
 * @param lostMs how long calls without an answer took
 */
export const patienceOf = (subjects: readonly Subject[], lostMs: readonly number[]): number => {
  const slowest = subjects.flatMap(({ points }) => points).reduce((most, { p99Ms }) => Math.max(most, p99Ms ?? 0), 0);
  const patience = lostMs.length > 0 ? median(lostMs) : Math.max(PATIENCE_MS, slowest * BEYOND_SLOWEST);
  return Math.round(Math.min(MAX_PATIENCE_MS, Math.max(LEAST_PATIENCE_MS, patience)));
};

/** Calls each region in turn, and takes what comes: what is measured then is what the regions did. */
export const asRecorded = (patienceMs: number): Readonly<Record<string, unknown>> => ({
  placement: { spread: 'round-robin' },
  attemptTimeout: durationText(patienceMs),
  deadline: false,
  hedging: false,
  retry: false,
  circuitBreaker: false,
  healthChecks: false,
  outlierDetection: false,
  costGuard: false,
  bulkhead: false,
  admission: false,
  cache: false,
  coalescing: false,
  degrade: false,
});
