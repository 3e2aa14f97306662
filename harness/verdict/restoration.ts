/** What counts as restored: a share of requests that succeed, undegraded, over a full window. */
export interface Objective {
  /** Share 0..1. */
  readonly success: number;
  /** How long the share must hold, milliseconds. */
  readonly windowMs: number;
}

/** Used where an expectation names none. */
export const defaultObjective: Objective = { success: 0.99, windowMs: 2000 };

/** A request, as far as restoration asks. */
export interface Attempt {
  readonly dueMs: number;
  /** Answered in time, and not degraded. */
  readonly isGood: boolean;
}

/**
 * Finds the first moment from which success is at or above the objective for a full window.
 *
 * It steps from request to request: a moment is tried when a good request is due, and at `fromMs` when the first request after it is
 * good. So a restoration starts with a success, and a window without requests restores nothing. The window must end by `untilMs`.
 *
 * @param attempts in order of due time
 * @returns milliseconds after `fromMs`; null when there is no such moment
 */
export const findRestoration = (
  attempts: readonly Attempt[],
  fromMs: number,
  untilMs: number,
  { success, windowMs }: Objective,
): number | null => {
  const after = attempts.filter((attempt) => attempt.dueMs >= fromMs && attempt.dueMs < untilMs);
  const moments = after.filter((attempt) => attempt.isGood).map((attempt) => attempt.dueMs);
  if (after[0]?.isGood) moments.unshift(fromMs);
  // Moments only grow, so that one pass keeps the count of good attempts in [moment, moment + window).
  let start = 0;
  let end = 0;
  let good = 0;
  for (const momentMs of moments) {
    if (momentMs + windowMs > untilMs) return null;
    for (; end < after.length && after[end]!.dueMs < momentMs + windowMs; end += 1) if (after[end]!.isGood) good += 1;
    for (; start < end && after[start]!.dueMs < momentMs; start += 1) if (after[start]!.isGood) good -= 1;
    if (end > start && good / (end - start) >= success) return momentMs - fromMs;
  }
  return null;
};
