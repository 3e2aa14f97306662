import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { Announce } from './announce.ts';
import type { Design } from './config.ts';
import { Cancelled } from './errors.ts';
import { BREAKER_STATES, type Observe } from './observation.ts';

/**
 * - `closed`: attempts pass
 * - `probe-due`: open for long enough that one attempt may try whether the link is back
 * - `open`: no attempt passes, or a probe is under way
 */
export type BreakerState = 'closed' | 'probe-due' | 'open';

/** Keeps attempts from a link that fails again and again. */
export interface LinkBreaker {
  readonly state: BreakerState;
  /** Runs a task and counts how it ends. To be called only when `state` is not `open`. */
  execute<Result>(task: () => Promise<Result>): Promise<Result>;
}

/** A probe that was given up proves nothing: the link stays out. Cockatiel would take it for a success. */
class ProbeGivenUp extends Error {
  override readonly name = 'ProbeGivenUp';
}

/**
 * Cockatiel's circuit breaker, one a link. Only what tells of a dead link counts: an answer of any kind, throttling included, does not.
 * @param countsAsFailure whether an error tells against the link
 * @param observe hears of every change of state
 */
export const createLinkBreaker = (
  policy: Design['circuitBreaker'],
  linkId: string,
  countsAsFailure: (error: unknown) => boolean,
  announce: Announce,
  observe?: Observe,
): LinkBreaker => {
  if (policy === false) return { state: 'closed', execute: (task) => task() };
  const breaker: CircuitBreakerPolicy = circuitBreaker(
    handleWhen((error) => error instanceof ProbeGivenUp || countsAsFailure(error)),
    { halfOpenAfter: policy.halfOpenAfterMs, breaker: new ConsecutiveBreaker(policy.consecutiveFailures) },
  );
  if (observe) breaker.onStateChange((state) => observe({ type: 'breaker', linkId, to: BREAKER_STATES[state] }));
  /** Epoch milliseconds, as cockatiel's own, which it does not show. */
  let openedAtMs = 0;
  breaker.onBreak(() => {
    openedAtMs = Date.now();
    announce.trouble(`breaker ${linkId}`, `breaker for ${linkId} opened`);
  });
  breaker.onReset(() => announce.well(`breaker ${linkId}`, `breaker for ${linkId} closed`));

  const probe = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    try {
      return await task();
    } catch (error) {
      if (error instanceof Cancelled && !countsAsFailure(error)) throw new ProbeGivenUp(error.message, { cause: error });
      throw error;
    }
  };

  const executeProbe = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    try {
      return await breaker.execute(() => probe(task));
    } catch (error) {
      throw error instanceof ProbeGivenUp ? error.cause : error;
    }
  };

  return {
    get state() {
      if (breaker.state === CircuitState.Closed) return 'closed';
      // While half open a probe is under way, and cockatiel would let others wait for its outcome.
      const isDue = breaker.state === CircuitState.Open && Date.now() - openedAtMs >= policy.halfOpenAfterMs;
      return isDue ? 'probe-due' : 'open';
    },
    execute: (task) => (breaker.state === CircuitState.Closed ? breaker.execute(task) : executeProbe(task)),
  };
};
