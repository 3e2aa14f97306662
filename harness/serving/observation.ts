import { CircuitState } from 'cockatiel';

/** What the stack did, for whoever checks it: plain events, told as they happen. */
export type Observation =
  /** An attempt on a link began that a request has caused. */
  | {
      readonly type: 'attempt';
      readonly linkId: string;
      readonly kind: AttemptKind;
      /** Milliseconds that the request has left for work on links; below 0 when its time is over. */
      readonly remainingMs: number;
    }
  /** A link's circuit breaker went over to a state. */
  | { readonly type: 'breaker'; readonly linkId: string; readonly to: 'open' | 'half-open' | 'closed' };

/** `primary` is a request's first attempt; `retry` follows a failed one; `hedge` is beside a slow one. */
export type AttemptKind = 'primary' | 'retry' | 'hedge';

export type Observe = (observation: Observation) => void;

/** Cockatiel's states in the words of an observation; isolated is what nobody here sets. */
export const BREAKER_STATES: Readonly<Record<CircuitState, 'open' | 'half-open' | 'closed'>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};
