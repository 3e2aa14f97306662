import type { FailureCondition } from '../control.ts';

/**
 * What an Oracle service refuses a request with. Codes: docs.oracle.com/iaas/Content/API/References/apierrors.htm, in a copy that was searched
 * in November 2026, and `InternalError` for hosts that have run out.
 */
export class OciError extends Error {
  override readonly name = 'OciError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @param message what all of it is but for a clock that is wrong: the caller learns no more */
export const notAuthenticated = (
  message = 'The required information to complete authentication was not provided or was incorrect.',
): OciError => new OciError(401, 'NotAuthenticated', message);

/** A resource that the caller may not see is like one that is not there. */
export const notFound = (message = 'Authorization failed or requested resource not found.'): OciError =>
  new OciError(404, 'NotAuthorizedOrNotFound', message);

export const invalidParameter = (message: string): OciError => new OciError(400, 'InvalidParameter', message);

export const missingParameter = (name: string): OciError => new OciError(400, 'MissingParameter', `${name} is required.`);

export const incorrectState = (message: string): OciError => new OciError(409, 'IncorrectState', message);

/** Source of the message of `TooManyRequests`: hitrov/oci-arm-host-capacity#87. */
const FAILURES: Readonly<Record<FailureCondition, () => OciError>> = {
  unavailable: () => new OciError(503, 'ServiceUnavailable', 'The service is currently unavailable.'),
  internal: () => new OciError(500, 'InternalServerError', 'An internal server error occurred.'),
  throttled: () => new OciError(429, 'TooManyRequests', 'Too many requests for the user'),
  'model-error': () => new OciError(500, 'InternalServerError', 'The model failed to serve the request.'),
};

export const failure = (condition: FailureCondition): OciError => FAILURES[condition]();

/** Any other error is the emulator's own mistake: the caller sees a 500, as of any service. */
export const ociErrorResponse = (error: unknown): Response => {
  const { status, code, message } = error instanceof OciError ? error : failure('internal');
  return Response.json({ code, message }, { status });
};

const randomId = () => crypto.randomUUID().replaceAll('-', '').toUpperCase();

/** What every answer carries: the id that the caller gave the request, and two of Oracle's. */
export const withRequestId = (response: Response, request?: Request): Response => {
  const given = request?.headers.get('opc-request-id')?.slice(0, 100);
  response.headers.set('opc-request-id', `${given ?? randomId()}/${randomId()}/${randomId()}`);
  return response;
};

/** An Oracle service's answer when it fails in one of the ways that every cloud has. */
export const failureResponse = (condition: FailureCondition): Response => withRequestId(ociErrorResponse(failure(condition)));
