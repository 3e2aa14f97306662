import type { FailureCondition } from '../../control.ts';

/** An error in Azure Resource Manager's shape. */
export interface ArmErrorBody {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/**
 * Thrown while a request is carried out; answered as Resource Manager and its providers do.
 * Most codes are in "Troubleshoot common Azure deployment errors" (azure-docs; read November 2026), which gives neither status nor text.
 * `SubscriptionRequestsThrottled` and its text, and `ServerTimeout` at 503, are as clients have recorded them (read November 2026). All
 * other statuses and texts are as we know them.
 */
export class ArmError extends Error {
  override readonly name = 'ArmError';
  readonly status: number;
  readonly body: ArmErrorBody;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, more: { target?: string; headers?: Record<string, string> } = {}) {
    super(message);
    this.status = status;
    this.body = { code, message, ...(more.target === undefined ? {} : { target: more.target }) };
    this.headers = more.headers ?? {};
  }

  toResponse(): Response {
    return Response.json({ error: this.body }, { status: this.status, headers: this.headers });
  }
}

/** A property of the body that is not as it has to be. */
export const invalidParameter = (target: string, message: string): ArmError =>
  new ArmError(400, 'InvalidParameter', message, { target });

export const missingParameter = (target: string): ArmError =>
  invalidParameter(target, `Required parameter '${target}' is missing (null).`);

/** @param type e.g. `Microsoft.Compute/virtualMachines/name` */
export const resourceNotFound = (typeAndName: string, resourceGroup: string): ArmError =>
  new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${typeAndName}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

/** `20261124T211300Z` */
const timestampNow = (): string => new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');

const FAILURES: Readonly<Record<FailureCondition, () => ArmError>> = {
  // What Resource Manager was seen to answer when nobody behind it did.
  unavailable: () => {
    const details = `timestamp '${timestampNow()}', tracking id '${crypto.randomUUID()}'`;
    return new ArmError(503, 'ServerTimeout', `The request timed out. Diagnostic information: ${details}.`);
  },
  internal: () => new ArmError(500, 'InternalServerError', 'Encountered internal server error.'),
  throttled: () =>
    new ArmError(429, 'SubscriptionRequestsThrottled', "Number of requests exceeded. Please try again after '1' seconds.", {
      headers: { 'retry-after': '1' },
    }),
  'model-error': () => new ArmError(500, 'InternalServerError', 'Encountered internal server error.'),
};

/** Resource Manager's answer when it fails. */
export const armFailure = (condition: FailureCondition): Response => FAILURES[condition]().toResponse();
