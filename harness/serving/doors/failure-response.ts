import { FAILURES, type FailureKind } from './failures.ts';

/** HTTP's Retry-After has whole seconds (RFC 9110, section 10.2.3). */
const retryAfter = (ms: number): Record<string, string> => ({ 'retry-after': String(Math.ceil(ms / 1000)) });

/**
 * An answer that says in words why there is no other, as the Open Inference Protocol has it.
 * @param retryAfterMs when it is worth a try again; left out where that is not known
 */
export const failureResponse = (kind: FailureKind, error: string, retryAfterMs?: number): Response =>
  Response.json(
    { error },
    { status: FAILURES[kind].http, ...(retryAfterMs === undefined ? {} : { headers: retryAfter(retryAfterMs) }) },
  );
