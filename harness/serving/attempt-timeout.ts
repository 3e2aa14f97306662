import { TimeoutStrategy, timeout } from 'cockatiel';
import type { Design } from './config.ts';
import { LinkError } from './errors.ts';

/** Runs a task under the limit of one attempt. Ends with the signal's reason when that aborts. */
export type AttemptTimeout = <Result>(task: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal) => Promise<Result>;

/** @returns a runner that throws a `LinkError` of kind `timeout` when the limit is over; without a limit, one that just runs */
export const createAttemptTimeout = (limitMs: Design['attemptTimeoutMs']): AttemptTimeout => {
  if (limitMs === false) return (task, signal) => task(signal);
  const policy = timeout(limitMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });

  return async (task, signal) => {
    signal.throwIfAborted();
    let own: AbortSignal | undefined;
    try {
      return await policy.execute((context) => {
        own = context.signal;
        return task(own);
      }, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (own?.aborted) throw new LinkError('timeout', `No answer in ${limitMs} ms.`);
      throw error;
    }
  };
};
