import type { FailureCondition } from '../control.ts';

/** A refusal. Hugging Face says what is wrong in `error`: a text, or for the router's chat OpenAI's object. */
export class HuggingFaceError extends Error {
  override readonly name = 'HuggingFaceError';
  readonly status: number;
  /** What else the body has, e.g. `error_type`. */
  readonly more: Readonly<Record<string, unknown>>;
  constructor(status: number, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.more = more;
  }
}

/** OpenAI's shape, in which the router's `/v1` answers. */
export class OpenAiError extends HuggingFaceError {
  readonly code: string;
  readonly param: string | null;
  constructor(status: number, code: string, message: string, param: string | null = null) {
    super(status, message);
    this.code = code;
    this.param = param;
  }
}

const bodyOf = (error: HuggingFaceError): unknown =>
  error instanceof OpenAiError
    ? { error: { message: error.message, type: 'invalid_request_error', param: error.param, code: error.code } }
    : { error: error.message, ...error.more };

/** Throws on what is no refusal: a fault of the emulator's own is not to look like one of the service's. */
export const errorResponse = (error: unknown): Response => {
  if (!(error instanceof HuggingFaceError)) throw error;
  return Response.json(bodyOf(error), { status: error.status });
};

const FAILURES: Readonly<Record<FailureCondition, readonly [status: number, message: string]>> = {
  unavailable: [503, 'Service Unavailable'],
  internal: [500, 'Internal Server Error'],
  throttled: [429, 'Too Many Requests'],
  'model-error': [500, 'Internal Server Error'],
};

export const failure = (condition: FailureCondition): HuggingFaceError => {
  const [status, message] = FAILURES[condition];
  return new HuggingFaceError(status, message);
};

export const failureResponse = (condition: FailureCondition): Response => errorResponse(failure(condition));

/** text-generation-inference's word for a request that breaks a rule of its own (its `ValidationError`). */
export const validationError = (message: string): HuggingFaceError =>
  new HuggingFaceError(422, `Input validation error: ${message}`, { error_type: 'validation' });
