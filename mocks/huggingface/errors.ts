import type { FailureCondition } from '../control.ts';

/** A refusal. Hugging Face says what is wrong in `error`: a text, or for the router's chat OpenAI's object. */
export class HuggingFaceError extends Error {
  override readonly name = 'HuggingFaceError';
  readonly status: number;
  /** What else the body has, e.g. `error_type`. */
  readonly more: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.more = more;
    this.headers = headers;
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
  return Response.json(bodyOf(error), { status: error.status, headers: error.headers });
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

/** What a free user may ask of the Hub's API in a window. Source: huggingface.co/docs/hub/rate-limits, in a copy that was searched in November 2026. */
const HUB_WINDOW = { requests: 1000, minutes: 5 };

/**
 * The Hub's own words above its rate. Source: answers that its users report; the headers are those that huggingface_hub 2.4 reads (`parse_ratelimit_headers`).
 * The window that they speak of is not emulated: a fault's rate is by the second, and a second later there is room.
 */
export const hubThrottled = (): HuggingFaceError => {
  const { requests, minutes } = HUB_WINDOW;
  return new HuggingFaceError(
    429,
    `We had to rate limit you, you hit the quota of ${requests} api requests per ${minutes} minutes period. ` +
      'Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. ' +
      'See https://huggingface.co/docs/hub/rate-limits',
    {},
    { ratelimit: '"api";r=0;t=1', 'ratelimit-policy': `"fixed window";"api";q=${requests};w=${minutes * 60}` },
  );
};

export const failureResponse = (condition: FailureCondition): Response => errorResponse(failure(condition));

/** text-generation-inference's word for a request that breaks a rule of its own (its `ValidationError`). */
export const validationError = (message: string): HuggingFaceError =>
  new HuggingFaceError(422, `Input validation error: ${message}`, { error_type: 'validation' });
