import { decorrelatedJitterGenerator, ExponentialBackoff, type IBackoff } from 'cockatiel';
import { sleep } from './abort.ts';
import type { Announce } from './announce.ts';
import type { Design } from './config.ts';
import { endsRequest, NoUsableLink } from './errors.ts';
import type { RetryBudget } from './retry-budget.ts';

/** When a failed request is attempted again. */
export interface Retry {
  /**
   * Runs `attempt` until it succeeds, its error cannot be helped by another, or retries, budget or time are used up.
   * @param attempt gets its number, from 0; throws `NoUsableLink` when there is nothing to attempt with
   * @param remainingMs time that is left for attempts
   * @throws the error of the last attempt that was made; `NoUsableLink` when none was
   */
  run<Result>(attempt: (index: number) => Promise<Result>, remainingMs: () => number, signal: AbortSignal): Promise<Result>;
}

/** An attempt with less time left would only load a provider: no answer comes back from another machine in less. */
const MIN_ATTEMPT_MS = 10;

/**
 * Exponential back-off with decorrelated jitter, by cockatiel. The loop is not: cockatiel's goes on waiting, with its timer set, when the
 * caller has gone, and knows neither of a budget nor of a deadline.
 */
export const createRetry = (policy: Design['retry'], budget: RetryBudget, announce: Announce): Retry => {
  if (policy === false) return { run: (attempt) => attempt(0) };
  const backoff = new ExponentialBackoff({
    generator: decorrelatedJitterGenerator,
    initialDelay: policy.initialBackoffMs,
    maxDelay: policy.maxBackoffMs,
  });

  const takeFromBudget = (): boolean => {
    const isTaken = budget.tryTake();
    if (!isTaken) announce.spell('retry budget', 'retry budget used up');
    return isTaken;
  };

  return {
    async run(attempt, remainingMs, signal) {
      let delay: IBackoff<unknown> | undefined;
      let last: unknown;
      for (let index = 0; ; index += 1) {
        try {
          return await attempt(index);
        } catch (error) {
          if (error instanceof NoUsableLink) throw last ?? error;
          last = error;
          if (endsRequest(error) || signal.aborted || index >= policy.maxRetries) throw error;
          delay = delay ? delay.next(undefined) : backoff.next();
          if (remainingMs() - delay.duration < MIN_ATTEMPT_MS || !takeFromBudget()) throw error;
          await sleep(delay.duration, signal);
        }
      }
    },
  };
};
