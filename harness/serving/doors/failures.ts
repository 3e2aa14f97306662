import { CODES } from '../../../mocks/shared/grpc/codes.ts';
import { BadRequest, Cancelled, LinkError, messageOf, OverBudget, type RefusalKind, Refused } from '../errors.ts';
import { IssuerUnavailable } from '../identity/key-set.ts';

/**
 * How a request ends that gets no prediction.
 * - `bad-request`: its caller has to change it
 * - `deadline`: its time was over
 * - `caller-gone`: nobody waits for it
 * - `unavailable`: nothing could answer
 * - `internal`: the stack itself broke
 */
export type FailureKind = RefusalKind | 'bad-request' | 'deadline' | 'caller-gone' | 'unavailable' | 'internal';

/** What a kind of failure is called in each protocol. */
export interface FailureWords {
  /** HTTP status. */
  readonly http: number;
  /** google.rpc.Code. */
  readonly grpc: number;
  /** `extensions.code` of GraphQL errors. */
  readonly graphql: string;
}

/** The one table from what went wrong to each door's way of saying it. 499 is nginx's, for a caller that is no longer there. */
export const FAILURES: Readonly<Record<FailureKind, FailureWords>> = {
  'bad-request': { http: 400, grpc: CODES.INVALID_ARGUMENT, graphql: 'BAD_USER_INPUT' },
  unauthenticated: { http: 401, grpc: CODES.UNAUTHENTICATED, graphql: 'UNAUTHENTICATED' },
  forbidden: { http: 403, grpc: CODES.PERMISSION_DENIED, graphql: 'FORBIDDEN' },
  'not-found': { http: 404, grpc: CODES.NOT_FOUND, graphql: 'NOT_FOUND' },
  'too-large': { http: 413, grpc: CODES.RESOURCE_EXHAUSTED, graphql: 'TOO_LARGE' },
  'too-many': { http: 503, grpc: CODES.RESOURCE_EXHAUSTED, graphql: 'RESOURCE_EXHAUSTED' },
  'over-share': { http: 429, grpc: CODES.RESOURCE_EXHAUSTED, graphql: 'RESOURCE_EXHAUSTED' },
  deadline: { http: 504, grpc: CODES.DEADLINE_EXCEEDED, graphql: 'DEADLINE_EXCEEDED' },
  'caller-gone': { http: 499, grpc: CODES.CANCELLED, graphql: 'CANCELLED' },
  unavailable: { http: 503, grpc: CODES.UNAVAILABLE, graphql: 'UNAVAILABLE' },
  internal: { http: 500, grpc: CODES.INTERNAL, graphql: 'INTERNAL_SERVER_ERROR' },
};

/** A failure in words, and its kind. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  /** When it is worth a try again, milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
}

/** How a request ends that `Stack.infer`, or the reading of it, threw for. */
export const failureOf = (error: unknown): Failure => {
  const message = messageOf(error);
  if (error instanceof BadRequest) return { kind: 'bad-request', message };
  if (error instanceof Refused) return { kind: error.kind, message, retryAfterMs: error.retryAfterMs };
  if (error instanceof LinkError && error.kind === 'rejected') {
    return { kind: 'bad-request', message: `The model does not take the input: ${message}` };
  }
  if (error instanceof Cancelled && error.cancelledBy === 'deadline') return { kind: 'deadline', message };
  if (error instanceof Cancelled && error.cancelledBy === 'caller-gone') return { kind: 'caller-gone', message };
  if (error instanceof IssuerUnavailable) return { kind: 'unavailable', message };
  if (error instanceof OverBudget) return { kind: 'unavailable', message, retryAfterMs: error.retryAfterMs };
  return { kind: 'unavailable', message: `No prediction could be had. ${message}` };
};
