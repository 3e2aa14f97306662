import type { FailureCondition } from '../../control.ts';

/**
 * What IAM refuses a token request with. IBM documents no codes: BXNIM0109E, 0407E, 0408E, 0415E, 0462E and 0060E are as public code and
 * users' reports have them, with their messages and status 400; README.md names the others.
 */
export class IamError extends Error {
  override readonly name = 'IamError';
  readonly code: string;
  readonly status: number;
  readonly details: string | undefined;

  constructor(code: string, message: string, { status = 400, details }: { status?: number; details?: string } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export const missingProperty = (property: string): IamError =>
  new IamError('BXNIM0109E', 'Property missing or empty.', { details: `Property '${property}' either missing or empty.` });

/** IAM runs on JAX-RS, whose own refusals it wraps. */
export const webException = (status: 404 | 405, exception: string, reason: string): IamError =>
  new IamError('BXNIM0060E', `Web application exception 'javax.ws.rs.${exception}' during request processing.`, {
    status,
    details: `HTTP ${status} ${reason}`,
  });

/** Code and message are squall's own: no report of IAM's is known. */
const internalError = (): IamError => new IamError('BXNIM0001E', 'Internal server error.', { status: 500 });

/** E.g. `26.12.2024 17:23:26:340 UTC`. */
const toIamTime = (atMs: number): string => {
  const [, year, month, day, time, ms] = /^(\d+)-(\d+)-(\d+)T([\d:]+)\.(\d+)Z$/.exec(new Date(atMs).toISOString()) ?? [];
  return `${day}.${month}.${year} ${time}:${ms} UTC`;
};

/** The error with the context that IAM gives: SDKs know by the host in `url` that credentials are at fault. */
export const iamErrorResponse = (error: unknown, request: Request, startedAtMs: number): Response => {
  const { code, status, message, details } = error instanceof IamError ? error : internalError();
  const endedAtMs = Date.now();
  const requestId = crypto.randomUUID().replaceAll('-', '');
  return Response.json(
    {
      errorCode: code,
      errorMessage: message,
      ...(details === undefined ? {} : { errorDetails: details }),
      context: {
        requestId,
        requestType: 'incoming.Identity_Token',
        userAgent: request.headers.get('user-agent') ?? '',
        url: 'https://iam.cloud.ibm.com',
        startTime: toIamTime(startedAtMs),
        endTime: toIamTime(endedAtMs),
        elapsedTime: `${endedAtMs - startedAtMs}`,
        locale: 'en_US',
      },
    },
    { status, headers: { 'transaction-id': requestId } },
  );
};

const STATUS_TEXTS: Readonly<Record<FailureCondition, readonly [status: number, statusText: string]>> = {
  unavailable: [503, 'Service Unavailable'],
  internal: [500, 'Internal Server Error'],
  throttled: [429, 'Too Many Requests'],
  'model-error': [500, 'Internal Server Error'],
};

/** Answered at the edge, before IAM: no body that its clients would know. */
export const edgeFailure = (condition: FailureCondition): Response => {
  const [status, statusText] = STATUS_TEXTS[condition];
  return new Response(null, { status, statusText, headers: status === 429 ? { 'retry-after': '1' } : {} });
};
