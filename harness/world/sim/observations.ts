import type { WireInput } from './run/wire-rows.ts';

/**
 * What a simulated run has seen beside its record: what invariants are checked against. Everything but `breakers`, `attempts` and `seconds`
 * is seen from outside the system under test, at its front door and on the wire, so that a broken policy cannot hide in it.
 * Times are milliseconds after the measured timeline began.
 */
export interface Observations {
  /** One a request that reached the system under test, in the order of arrival. */
  readonly requests: readonly RequestObservation[];
  /** One a prediction that was asked of a provider, in the order in which they left, health checks and those that arrived nowhere included. */
  readonly exchanges: readonly ExchangeObservation[];
  /** One a call that an emulated inference or price endpoint has taken in, health checks included. */
  readonly calls: readonly CallObservation[];
  /** What the reference stack says of each attempt on a link that a request has caused, health checks left out; empty for user code. */
  readonly attempts: readonly AttemptObservation[];
  /** Breaker transitions of the reference stack, in order; empty for user code. */
  readonly breakers: readonly BreakerObservation[];
  /** Attempts by the second that they began in; seconds without any are left out. */
  readonly seconds: readonly SecondObservation[];
}

export interface RequestObservation {
  /** The id in the request's body, unique in the run. */
  readonly id: string;
  readonly acceptedAtMs: number;
  /** `acceptedAtMs` and the design's deadline; null where the design has none, and for user code. */
  readonly deadlineAtMs: number | null;
  /** When its handler's promise was fulfilled; null when it never was, or rejected. */
  readonly answeredAtMs: number | null;
  /** When the caller gave the request up; null when it did not. */
  readonly abandonedAtMs: number | null;
  /** Answers whose body bears this request's id: 1 for a 2xx, and never more. */
  readonly answers: number;
  readonly status: number;
  /** `x-squall-served-by`; empty when absent. */
  readonly servedBy: string;
  /** Rung that a degraded answer came from; empty when it is not degraded. */
  readonly degraded: string;
  /** Index of the sample that was asked about. */
  readonly sampleIndex: number;
  /**
   * Whether the answer is what whoever it says it is from gives for this very input: the served model's probabilities, from a link or the
   * cache; the small model's from `fallback-model`; the label from `rules`. Null without a 2xx, and for a rung that nobody knows.
   */
  readonly isOwnPrediction: boolean | null;
}

export interface ExchangeObservation {
  readonly linkId: string;
  /** When the system under test called `fetch`. */
  readonly atMs: number;
  /** By the rows in the request's body. */
  readonly about: WireInput;
  /** A status, an error's code, or `abandoned`; empty when it is under way at the end of the run. */
  readonly end: string;
}

export interface CallObservation {
  readonly linkId: string;
  /** When the endpoint's handler was called. */
  readonly atMs: number;
  /** Status that the endpoint answered with, whether or not the answer arrived. */
  readonly status: number;
  /** By a ledger of its own, kept on the wire from what was minted, handed out, revoked and expired. */
  readonly credential: CredentialStanding;
}

/**
 * - `valid`: live when the call was taken in
 * - `missing`: the call bears none
 * - `unknown`: never handed out by the emulator
 * - `revoked`, `expired`: live once
 */
export type CredentialStanding = 'valid' | 'missing' | 'unknown' | 'revoked' | 'expired';

export interface AttemptObservation {
  readonly atMs: number;
  readonly linkId: string;
  /** `primary` is a request's first attempt; `retry` follows a failure; `hedge` is beside a slow one. */
  readonly kind: 'primary' | 'retry' | 'hedge';
  /** Milliseconds that the request had left for work on links; Infinity without a deadline. */
  readonly remainingMs: number;
}

export interface BreakerObservation {
  readonly atMs: number;
  readonly linkId: string;
  readonly to: 'open' | 'half-open' | 'closed';
}

export interface SecondObservation {
  /** Whole seconds after the timeline began; negative in the warm-up. */
  readonly second: number;
  readonly primaries: number;
  readonly retries: number;
  readonly hedges: number;
}
