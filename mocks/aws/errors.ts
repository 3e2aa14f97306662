import type { FailureCondition } from '../control.ts';

/** Members of an error's shape. The front end writes `message`, services `Message`; SDKs read both. */
export interface ErrorMembers {
  readonly message?: string | null;
  readonly Message?: string;
  readonly [member: string]: unknown;
}

/** An error in AWS's own terms. Which protocol it travels in is the endpoint's affair. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** Name of the error as SDKs know it, e.g. `InvalidSignatureException`; null for the few answers that carry none. */
  readonly code: string | null;
  /** HTTP status in the REST protocol. The JSON protocol has 400 for all of the caller's mistakes. */
  readonly status: number;
  readonly members: ErrorMembers;

  constructor(code: string | null, status: number, members: ErrorMembers) {
    super(String(members.message ?? members.Message));
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** Refused by the front end, before the service sees it. Names as AWS's front ends send them; 403 unless another is named. */
export const frontEndError = (code: string | null, message: string | null, status = 403): AwsError =>
  new AwsError(code, status, { message });

/** The request names something that the endpoint lacks, or has it in a form that the service does not take. */
export const validationError = (message: string): AwsError => new AwsError('ValidationError', 400, { Message: message });

/** @param message a full queue gets no words from SageMaker, just null (opensearch-project/ml-commons issue 2429) */
export const throttlingError = (message: 'Rate exceeded' | null): AwsError => frontEndError('ThrottlingException', message, 400);

const internalFailure = (): AwsError => new AwsError('InternalFailure', 500, { Message: 'An internal failure occurred.' });

/** Any other error is the emulator's own mistake: the caller sees a 500, as of any service. */
export const toAwsError = (error: unknown): AwsError => (error instanceof AwsError ? error : internalFailure());

/** An error in protocol restJson1: its name in `x-amzn-errortype`, its members in the body. */
export const restErrorResponse = (error: unknown): Response => {
  const { code, status, members } = toAwsError(error);
  return Response.json(members, { status, headers: code === null ? {} : { 'x-amzn-errortype': code } });
};

/** An error in protocol JSON 1.1: its name in the body's `__type`; 400, or 500 for the service's own failures. */
export const jsonErrorResponse = (error: unknown): Response => {
  const { code, status, members } = toAwsError(error);
  return Response.json(
    { __type: code, ...members },
    { status: status >= 500 ? status : 400, headers: { 'content-type': 'application/x-amz-json-1.1' } },
  );
};

/** The second that a date was written of last, epoch, and the date: answers of one second have the same. */
let dated = { second: Number.NaN, text: '' };

const dateText = (): string => {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dated.second) dated = { second, text: new Date(second * 1000).toUTCString() };
  return dated.text;
};

/** What every AWS answer carries: an id, and the date that SDKs set their clock by when theirs is wrong. */
export const withRequestId = (response: Response, requestId: string = crypto.randomUUID()): Response => {
  response.headers.set('x-amzn-requestid', requestId);
  response.headers.set('date', dateText());
  return response;
};

const FAILURES: Readonly<Record<FailureCondition, () => AwsError>> = {
  unavailable: () => new AwsError('ServiceUnavailable', 503, { Message: 'The service is unavailable. Try your call again.' }),
  internal: internalFailure,
  throttled: () => throttlingError('Rate exceeded'),
  'model-error': () =>
    new AwsError('ModelError', 424, {
      ErrorCode: 'INTERNAL_FAILURE_FROM_MODEL',
      Message: 'Received server error (500) from primary with message "Internal Server Error".',
      OriginalMessage: 'Internal Server Error',
      OriginalStatusCode: 500,
    }),
};

/** A failure that every provider has, in AWS's terms. */
export const failureError = (condition: FailureCondition): AwsError => FAILURES[condition]();

/** SageMaker runtime's answer when it fails in one of the ways that every provider has. */
export const failureResponse = (condition: FailureCondition): Response =>
  withRequestId(restErrorResponse(failureError(condition)));
