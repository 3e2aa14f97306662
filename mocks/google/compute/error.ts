import type { ErrorDetail } from '../errors.ts';

/**
 * Reasons of Compute Engine's errors, their HTTP codes and domains.
 * Source: cloud.google.com/compute/api-quota for `rateLimitExceeded` ("you receive a 403 error with the reason rateLimitExceeded", in a copy that was
 * searched in November 2026); the others as issues of terraform-provider-google show them, not checked one by one.
 */
const REASONS = {
  badRequest: [400, 'global'],
  invalid: [400, 'global'],
  required: [400, 'global'],
  resourceNotReady: [400, 'global'],
  forbidden: [403, 'global'],
  rateLimitExceeded: [403, 'usageLimits'],
  notFound: [404, 'global'],
  alreadyExists: [409, 'global'],
} as const;

export type ComputeReason = keyof typeof REASONS;

/** A call that Compute Engine refuses. */
export class ComputeError extends Error {
  override readonly name = 'ComputeError';
  readonly reason: ComputeReason;
  readonly details: readonly ErrorDetail[];
  constructor(reason: ComputeReason, message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.reason = reason;
    this.details = details;
  }
}

/** @param field e.g. `resource.name` */
export const invalidField = (field: string, value: unknown, complaint: string): ComputeError =>
  new ComputeError(
    'invalid',
    `Invalid value for field '${field}': '${typeof value === 'string' ? value : (JSON.stringify(value) ?? '')}'. ${complaint}`,
  );

/** @param resource e.g. `projects/p/zones/z/instances/i` */
export const resourceNotFound = (resource: string): ComputeError =>
  new ComputeError('notFound', `The resource '${resource}' was not found`);

/**
 * The older form of Google's errors, with a list of reasons beside the code. What the front end before the API refuses, a rate that is
 * exceeded, has a canonical status and details as well; Compute Engine's own refusals have none. Source of that: answers of Drive, which is
 * behind the same front end, as users report them.
 */
export const computeErrorResponse = ({ reason, message, details }: ComputeError): Response => {
  const [code, domain] = REASONS[reason];
  const frontEnd = reason === 'rateLimitExceeded' ? { status: 'PERMISSION_DENIED', details } : {};
  const error = { code, message, errors: [{ message, domain, reason }], ...frontEnd };
  return Response.json({ error }, { status: code, headers: { 'content-type': 'application/json; charset=UTF-8' } });
};
