import type { FailureCondition } from '../../control.ts';

/** What watsonx.ai refuses a request with. */
export class WatsonxError extends Error {
  override readonly name = 'WatsonxError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A parameter of the path or the query has a value that the service does not take. */
export const invalidArgument = (message: string): WatsonxError => new WatsonxError(400, 'invalid_input_argument', message);

/** The body has a part that the service does not take. */
export const invalidEntity = (message: string): WatsonxError => new WatsonxError(400, 'invalid_request_entity', message);

export const notFound = (kind: 'deployment' | 'model' | 'space', id: string): WatsonxError =>
  new WatsonxError(
    404,
    `${kind}_does_not_exist`,
    `${kind[0]?.toUpperCase()}${kind.slice(1)} with id '${id.slice(0, 100)}' does not exist. Re-try with a valid ${kind} id.`,
  );

const FAILURES: Readonly<Record<FailureCondition, () => WatsonxError>> = {
  unavailable: () => new WatsonxError(503, 'service_unavailable', 'The service is temporarily unavailable. Try again later.'),
  internal: () => new WatsonxError(500, 'internal_server_error', 'An internal error occurred.'),
  throttled: () =>
    new WatsonxError(429, 'rate_limit_reached_requests', 'The request rate limit has been reached. Try again later.'),
  'model-error': () => new WatsonxError(500, 'scoring_error', 'The deployed model failed to score the request.'),
};

export const failure = (condition: FailureCondition): WatsonxError => FAILURES[condition]();

/** Any other error is the emulator's own mistake: the caller sees a 500, as of any service. */
export const watsonxErrorResponse = (error: unknown): Response => {
  const { status, code, message } = error instanceof WatsonxError ? error : failure('internal');
  return Response.json(
    {
      errors: [{ code, message, more_info: 'https://cloud.ibm.com/apidocs/watsonx-ai' }],
      trace: crypto.randomUUID().replaceAll('-', ''),
      status_code: status,
    },
    { status, headers: status === 429 ? { 'retry-after': '1' } : {} },
  );
};
