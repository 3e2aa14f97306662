import { TimeoutStrategy, timeout } from 'cockatiel';
import type { Design } from './config.ts';
import { LinkError } from './errors.ts';

/** Runs a task under the limit of one attempt. Ends with the signal's reason when that aborts. */
export type AttemptTimeout = <Result>(task: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal) => Promise<Result>;

/**
 * Cockatiel's time-out, in its cooperative form: it ends the attempt's own signal, and what that means for the task is said here. The
 * aggressive form costs several promises and listeners an attempt more, and ends with an error that would have to be told apart.
 * @returns a runner that throws a `LinkError` of kind `timeout` when the limit is over; without a limit, one that just runs
 */
export const createAttemptTimeout = (limitMs: Design['attemptTimeoutMs']): AttemptTimeout => {
  if (limitMs === false) return (task, signal) => task(signal);
  const policy = timeout(limitMs, { strategy: TimeoutStrategy.Cooperative, abortOnReturn: false });

  return <Result>(task: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal) => {
    if (signal.aborted) return Promise.reject(signal.reason);
    const giveUp = () => (signal.aborted ? signal.reason : new LinkError('timeout', `No answer in ${limitMs} ms.`));
    return policy.execute(
      ({ signal: own }) =>
        new Promise<Result>((resolve, reject) => {
          // Nobody else holds this signal: the listener goes with it.
          own.addEventListener('abort', () => reject(giveUp()));
          task(own).then(resolve, reject);
        }),
      signal,
    );
  };
};
