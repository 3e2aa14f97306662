import type { ErrorDetail } from '../errors.ts';

/**
 * Reasons of Compute Engine's errors, their HTTP codes and domains.
 * Source: cloud.google.com/compute/docs/reference/rest/v1/errors and messages in issues of terraform-provider-google, read November 2026.
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

/** The older form of Google's errors, with a list of reasons beside the code. */
export const computeErrorResponse = ({ reason, message, details }: ComputeError): Response => {
  const [code, domain] = REASONS[reason];
  const error = { code, message, errors: [{ message, domain, reason }], ...(details.length > 0 ? { details } : {}) };
  return Response.json({ error }, { status: code, headers: { 'content-type': 'application/json; charset=UTF-8' } });
};
