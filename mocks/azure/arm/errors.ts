import type { FailureCondition } from '../../control.ts';

/** An error in Azure Resource Manager's shape. */
export interface ArmErrorBody {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/**
 * Thrown while a request is carried out; answered as Resource Manager and its providers do.
 * Source of codes and texts: "Common ARM resource provider errors", "Azure Resource Manager error codes" and their troubleshooting
 * pages (learn.microsoft.com), and answers recorded in public clients' tests; read November 2026.
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

const FAILURES: Readonly<Record<FailureCondition, () => ArmError>> = {
  unavailable: () =>
    new ArmError(503, 'ServerUnavailable', 'The service is temporarily unable to process your request. Please try again later.'),
  internal: () => new ArmError(500, 'InternalServerError', 'Encountered internal server error.'),
  throttled: () => new ArmError(429, 'TooManyRequests', 'The request is being throttled.', { headers: { 'retry-after': '1' } }),
  'model-error': () => new ArmError(500, 'InternalServerError', 'Encountered internal server error.'),
};

/** Resource Manager's answer when it fails. */
export const armFailure = (condition: FailureCondition): Response => FAILURES[condition]().toResponse();
