import { FAILURES, type FailureKind } from './failures.ts';

/** HTTP's Retry-After has whole seconds (RFC 9110, section 10.2.3). */
const retryAfter = (ms: number): Record<string, string> => ({ 'retry-after': String(Math.ceil(ms / 1000)) });

/**
 * An answer that says in words why there is no other, as the Open Inference Protocol has it.
 * @param retryAfterMs when it is worth a try again; left out where that is not known
 */
export const failureResponse = (kind: FailureKind, error: string, retryAfterMs?: number): Response => {
  const headers = {
    // How a caller that is not known makes itself known (RFC 6750, section 3).
    ...(kind === 'unauthenticated' ? { 'www-authenticate': 'Bearer realm="squall"' } : {}),
    ...(retryAfterMs === undefined ? {} : retryAfter(retryAfterMs)),
  };
  return Response.json({ error }, { status: FAILURES[kind].http, headers });
};
