/**
 * Why a link gave no prediction.
 * - `connection`: refused, reset, broken off
 * - `unavailable`: the provider answered that it cannot (5xx, model error), or with something that is no answer
 * - `timeout`: no answer in time
 * - `overloaded`: throttled (429); the link is alive
 * - `credential`: the provider does not accept who asks (401, 403), or there is no credential to ask with
 * - `rejected`: the input is wrong; no other link would take it
 */
export type LinkErrorKind = 'connection' | 'unavailable' | 'timeout' | 'overloaded' | 'credential' | 'rejected';

/** A link gave no prediction. The message never holds a secret, nor text of the provider. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly kind: LinkErrorKind;
  /** Of a refusal: how far the provider's clock is ahead of the own one, milliseconds; absent where its answer has no date. */
  providerOffsetMs?: number;

  constructor(kind: LinkErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * Why work was ended from outside.
 * - `caller-gone`: nobody waits for the answer
 * - `deadline`: the request's time is over
 * - `overtaken`: an attempt that began later answered first
 * - `not-needed`: an attempt that began earlier answered first
 * - `stopped`: the gateway stops
 */
export type Cause = 'caller-gone' | 'deadline' | 'overtaken' | 'not-needed' | 'stopped';

const WORDS: Readonly<Record<Cause, string>> = {
  'caller-gone': 'The caller has gone.',
  deadline: 'The deadline of the request is over.',
  overtaken: 'A later attempt answered first.',
  'not-needed': 'An earlier attempt answered first.',
  stopped: 'The gateway is stopped.',
};

/** Reason of an AbortSignal in the serving stack. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  readonly cancelledBy: Cause;

  constructor(cancelledBy: Cause) {
    super(WORDS[cancelledBy]);
    this.cancelledBy = cancelledBy;
  }
}

/** Every link is excluded: by health checks, its circuit breaker, or a refused credential. */
export class NoUsableLink extends Error {
  override readonly name: string = 'NoUsableLink';

  constructor(message = 'No link is usable: all are unhealthy, behind an open circuit breaker, or refuse the credential.') {
    super(message);
  }
}

/** Links could answer, but the budget has no room for a call. */
export class OverBudget extends NoUsableLink {
  override readonly name = 'OverBudget';
  /** When there will be room, about, milliseconds from now. */
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('The budget has no room for a call.');
    this.retryAfterMs = retryAfterMs;
  }
}

/** The request is not one that the gateway takes; the message says where and what would be right. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/**
 * Why the stack does not take a request up, though there is nothing wrong in what it says.
 * - `not-found`: there is no such model, or version of it
 * - `unauthenticated`: it is not known who makes it
 * - `forbidden`: whoever makes it may not
 * - `too-large`: its body is over the limit
 * - `too-many`: there are more than it can serve
 * - `over-share`: the same, and its tenant has more under way than others
 */
export type RefusalKind = 'unauthenticated' | 'forbidden' | 'not-found' | 'too-large' | 'too-many' | 'over-share';

/** The request is not taken up. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly kind: RefusalKind;
  /** When it is worth a try again, milliseconds from now; undefined where that is not known. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: RefusalKind, message: string, retryAfterMs?: number) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** No other attempt or rung can change how the request ends. */
export const endsRequest = (error: unknown): boolean =>
  error instanceof LinkError
    ? error.kind === 'rejected'
    : error instanceof Cancelled && (error.cancelledBy === 'caller-gone' || error.cancelledBy === 'stopped');
