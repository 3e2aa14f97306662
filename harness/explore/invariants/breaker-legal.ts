import type { BreakerObservation } from '../../world/sim/observations.ts';
import { firstOf, overObservations, seconds } from './invariant.ts';

type State = BreakerObservation['to'];

const next: Readonly<Record<State, readonly State[]>> = {
  closed: ['open'],
  open: ['half-open'],
  'half-open': ['closed', 'open'],
};

/** A breaker only moves closed → open → half-open → closed or open, and not before its pause is over. */
export const breakerLegal = overObservations(
  'breaker-legal',
  'A circuit breaker moves from closed to open, after its pause to half-open, and from there to closed or open; no other way.',
  ({ breakers }, { plan }) => {
    const policy = plan.design.circuitBreaker;
    if (policy === false) return [];
    const states = new Map<string, { readonly state: State; readonly sinceMs: number }>();
    const illegal: string[] = [];
    for (const { linkId, atMs, to } of breakers) {
      const { state, sinceMs } = states.get(linkId) ?? { state: 'closed', sinceMs: Number.NEGATIVE_INFINITY };
      states.set(linkId, { state: to, sinceMs: atMs });
      if (!next[state].includes(to)) illegal.push(`The breaker of ${linkId} went from ${state} to ${to} at ${seconds(atMs)}`);
      else if (to === 'half-open' && atMs - sinceMs < policy.halfOpenAfterMs - 1) {
        illegal.push(
          `The breaker of ${linkId} half-opened ${Math.round(atMs - sinceMs)} ms after it had opened, before its ${policy.halfOpenAfterMs} ms were over`,
        );
      }
    }
    return firstOf(illegal, (text) => text);
  },
);
