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

  return <Result>(first: Attempt<Result>, second: () => Attempt<Result> | null, signal: AbortSignal) =>
    new Promise<Result>((resolve, reject) => {
      /** Attempts under way, the earlier first. One that has settled is closed, not aborted: nobody would hear of it. */
      let running: readonly Scope[] = [];

      /** @param overtaken how many of those still under way began before the one that has the outcome */
      const finish = (overtaken: number) => {
        clearTimeout(timer);
        running.forEach((scope, at) => {
          scope.abort(new Cancelled(at < overtaken ? 'overtaken' : 'not-needed'));
        });
      };

      const start = (attempt: Attempt<Result>) => {
        const scope = openScope(signal);
        running = [...running, scope];
        /** @returns how many of the others began before it */
        const leave = (): number => {
          const at = running.indexOf(scope);
          running = running.filter((other) => other !== scope);
          scope.close();
          return at;
        };
        attempt(scope.signal).then(
          (result) => {
            finish(leave());
            resolve(result);
          },
          (error: unknown) => {
            leave();
            if (running.length > 0 && !endsRequest(error)) return;
            finish(0);
            reject(error);
          },
        );
      };

      const timer = setTimeout(() => {
        const attempt = second();
        if (attempt) start(attempt);
      }, policy.afterMs);
      start(first);
    });
};
