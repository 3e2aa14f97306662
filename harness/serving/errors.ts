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
  override readonly name = 'NoUsableLink';

  constructor() {
    super('No link is usable: all are unhealthy, behind an open circuit breaker, or refuse the credential.');
  }
}

/** The request is not one that the gateway takes; the message says where and what would be right. Answered 400. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** No other attempt or rung can change how the request ends. */
export const endsRequest = (error: unknown): boolean =>
  error instanceof LinkError
    ? error.kind === 'rejected'
    : error instanceof Cancelled && (error.cancelledBy === 'caller-gone' || error.cancelledBy === 'stopped');
