import { networkErrors } from '../../harness/world/sim/network/errors.ts';

/** OpenSSL's and Node's errors for a certificate that is no good. They have no number; this stands for one. */
const certificateError = (code: string, message: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { errno: 0, code }) });

/** How an exchange can end below HTTP: the error that `fetch` rejects with, whose cause is what Node's own clients show. */
const ERRORS = {
  refused: networkErrors.refused,
  reset: networkErrors.reset,
  'not-found': (url) => networkErrors.noName(url, 'not-found'),
  'no-answer': (url) => networkErrors.noName(url, 'no-answer'),
  'expired-certificate': () => certificateError('CERT_HAS_EXPIRED', 'certificate has expired'),
  'wrong-host-certificate': ({ hostname }: URL) =>
    certificateError(
      'ERR_TLS_CERT_ALTNAME_INVALID',
      `Hostname/IP does not match certificate's altnames: Host: ${hostname}. is not in the cert's altnames: DNS:another-host.invalid`,
    ),
} satisfies Record<string, (url: URL) => TypeError>;

export type NetworkFailure = keyof typeof ERRORS;

/** An exchange that ended below HTTP. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly failure: NetworkFailure;

  constructor(failure: NetworkFailure) {
    super(`the connection failed: ${failure}`);
    this.failure = failure;
  }
}

/** `fetch` names no host in the headers that it shows; a request by `node:http` does. */
const isFromFetch = (request: Request): boolean => !request.headers.has('host');

/** The error as the caller's own way to the network would have it: `TypeError: fetch failed` with a cause, or Node's bare system error. */
const errorFor = (request: Request, failure: NetworkFailure): Error => {
  const failed = ERRORS[failure](new URL(request.url));
  const cause = failed.cause as NodeJS.ErrnoException;
  if (!isFromFetch(request)) return cause;
  // msw passes an error on as it is only when it has these two.
  return Object.defineProperties(failed, { code: { value: cause.code }, errno: { value: cause.errno } });
};

/**
 * What a handler returns so that the caller meets a network error with the system's code, `ECONNREFUSED` and the like.
 *
 * msw has `Response.error()` for a network error, which has no code, so that an SDK could not tell it from others, and prints the stack of
 * any error that a handler throws. It passes on in silence what it meets while it looks at the response: so the status throws. Should a
 * version of msw not look, the caller still has a network error.
 */
export const networkErrorResponse = (request: Request, failure: NetworkFailure): Response =>
  Object.defineProperty(Response.error(), 'status', {
    get() {
      throw errorFor(request, failure);
    },
  });
