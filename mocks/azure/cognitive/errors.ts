import type { FailureCondition } from '../../control.ts';

/**
 * Thrown while a request is carried out; answered in the shape of Azure AI services.
 * Sources: error lists of "Call the Image Analysis API" and of the SDKs' models (Language), read November 2026; all else is as clients have
 * recorded it.
 */
export class CognitiveError extends Error {
  override readonly name = 'CognitiveError';
  readonly status: number;
  readonly code: string;
  /** What it is in particular. */
  readonly inner: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** What the outer error says, where it is less than the inner one. */
  readonly summary: string | undefined;
  constructor(
    status: number,
    code: string,
    message: string,
    more: { inner?: string; summary?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.summary = more.summary;
    this.status = status;
    this.code = code;
    this.inner = more.inner;
    this.headers = more.headers ?? {};
  }

  /** The error in a body. */
  get body() {
    const { code, message, inner, summary = message } = this;
    return { code, message: summary, ...(inner ? { innererror: { code: inner, message } } : {}) };
  }

  toResponse(): Response {
    const headers = { 'x-ms-error-code': this.code, ...this.headers };
    return Response.json({ error: this.body }, { status: this.status, headers });
  }
}

/** @param inner e.g. `InvalidDocumentBatch` */
export const invalidRequest = (inner: string, message: string, summary = message): CognitiveError =>
  new CognitiveError(400, 'InvalidRequest', message, { inner, summary });

/** @param operation in words, e.g. `Analyze Text Operation under Azure AI Language` */
export const tooManyRequests = (operation: string): CognitiveError =>
  new CognitiveError(
    429,
    '429',
    `Requests to the ${operation} have exceeded rate limit of your current S pricing tier. Please retry after 1 second. Please contact Azure support service if you would like to further increase the default rate limit.`,
    { headers: { 'retry-after': '1' } },
  );

const FAILURES: Readonly<Record<FailureCondition, () => CognitiveError>> = {
  unavailable: () => new CognitiveError(503, 'ServiceUnavailable', 'The service is temporarily unavailable.'),
  internal: () => new CognitiveError(500, 'InternalServerError', 'Internal server error.'),
  throttled: () => tooManyRequests('service'),
  'model-error': () => new CognitiveError(500, 'InternalServerError', 'The model failed.', { inner: 'FailedToProcess' }),
};

/** What an AI service answers when it fails. */
export const cognitiveFailure = (condition: FailureCondition): Response => FAILURES[condition]().toResponse();
