import type { Design } from './config.ts';

/** Bounds retries and hedges over all requests, so that a failing provider does not get a multiple of the load. */
export interface RetryBudget {
  /** A request came in: a share of a retry more is allowed. */
  onRequest(): void;
  /** Takes one retry, if the budget has it. */
  tryTake(): boolean;
}

/** As Finagle's: long enough that the start of an outage is covered by the quiet before it. */
const WINDOW_MS = 10_000;
/** The window moves on in steps of a hundredth. */
const BUCKET_COUNT = 100;
const BUCKET_MS = WINDOW_MS / BUCKET_COUNT;

/**
 * Retries in the last ten seconds never exceed `budgetRatio` x requests in the last ten seconds + `budgetMinPerS` x 10.
 * Without a retry policy there is no budget: then each request's one hedge is all that could draw from it.
 */
export const createRetryBudget = (policy: Design['retry']): RetryBudget => {
  if (policy === false) return { onRequest: () => undefined, tryTake: () => true };
  const requests = new Uint32Array(BUCKET_COUNT);
  const taken = new Uint32Array(BUCKET_COUNT);
  const guaranteed = policy.budgetMinPerS * (WINDOW_MS / 1000);
  let requestSum = 0;
  let takenSum = 0;
  let newest = Math.floor(performance.now() / BUCKET_MS);

  /** Empties the buckets that have left the window. @returns the present bucket */
  const moveOn = (): number => {
    const present = Math.floor(performance.now() / BUCKET_MS);
    const steps = Math.min(BUCKET_COUNT, present - newest);
    for (let step = 1; step <= steps; step += 1) {
      const bucket = (newest + step) % BUCKET_COUNT;
      requestSum -= requests[bucket]!;
      takenSum -= taken[bucket]!;
      requests[bucket] = 0;
      taken[bucket] = 0;
    }
    newest = Math.max(newest, present);
    return newest % BUCKET_COUNT;
  };

  return {
    onRequest() {
      const bucket = moveOn();
      requests[bucket]! += 1;
      requestSum += 1;
    },
    tryTake() {
      const bucket = moveOn();
      if (takenSum + 1 > policy.budgetRatio * requestSum + guaranteed) return false;
      taken[bucket]! += 1;
      takenSum += 1;
      return true;
    },
  };
};
