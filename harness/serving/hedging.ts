import { openScope, type Scope } from './abort.ts';
import type { Design } from './config.ts';
import { Cancelled, endsRequest } from './errors.ts';

/** One attempt; ends when its signal aborts. */
export type Attempt<Result> = (signal: AbortSignal) => Promise<Result>;

/** Runs an attempt with a second beside it, should it be slow. */
export type Hedge = <Result>(
  first: Attempt<Result>,
  /** Called when the first has been slow; null means that there is nothing to hedge with. */
  second: () => Attempt<Result> | null,
  signal: AbortSignal,
) => Promise<Result>;

/**
 * The first success wins and the other attempt is aborted: with `overtaken` if it began earlier, else with `not-needed`. A failure is
 * the outcome only when no other attempt is under way, or when no other could help. A second attempt is started by slowness alone: what
 * follows a failure is for retry to decide.
 */
export const createHedge = (policy: Design['hedging']): Hedge => {
  if (policy === false) return (first, _second, signal) => first(signal);

  return async <Result>(first: Attempt<Result>, second: () => Attempt<Result> | null, signal: AbortSignal) => {
    const scopes: Scope[] = [];
    let hedgeTimer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<Result>((resolve, reject) => {
        let pending = 0;
        const start = (attempt: Attempt<Result>) => {
          const scope = openScope([signal]);
          const index = scopes.push(scope) - 1;
          pending += 1;
          attempt(scope.signal).then(
            (result) => {
              scopes.forEach((other, at) => {
                if (at !== index) other.abort(new Cancelled(at < index ? 'overtaken' : 'not-needed'));
              });
              resolve(result);
            },
            (error: unknown) => {
              pending -= 1;
              if (pending > 0 && !endsRequest(error)) return;
              reject(error);
            },
          );
        };
        hedgeTimer = setTimeout(() => {
          const attempt = second();
          if (attempt) start(attempt);
        }, policy.afterMs);
        start(first);
      });
    } finally {
      clearTimeout(hedgeTimer);
      for (const scope of scopes) scope.abort(new Cancelled('not-needed'));
    }
  };
};
