import type { FailureCondition } from '../control.ts';

/**
 * Google's canonical statuses that the emulator answers with, and their HTTP codes.
 * Source: google.rpc.Code in google-gax 6.17 (`build/src/status.js`) and AIP-193.
 */
const HTTP_CODES = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

export type GoogleStatus = keyof typeof HTTP_CODES;

/** An entry of `error.details`: a message of `google.rpc` in JSON, told apart by its `@type`. */
export type ErrorDetail = Readonly<Record<string, unknown>> & { readonly '@type': string };

/** Google's own HTTP form of an error: `{"error":{"code","message","status","details"}}`. */
export const errorResponse = (
  status: GoogleStatus,
  message: string,
  details: readonly ErrorDetail[] = [],
  headers: Readonly<Record<string, string>> = {},
): Response => {
  const code = HTTP_CODES[status];
  const error = { code, message, status, ...(details.length > 0 ? { details } : {}) };
  return Response.json({ error }, { status: code, headers: { 'content-type': 'application/json; charset=UTF-8', ...headers } });
};

/** `google.rpc.ErrorInfo`: the machine-readable reason, which client libraries raise as `reason`, `domain` and metadata. */
export const errorInfo = (reason: string, domain: string, metadata: Readonly<Record<string, string>>): ErrorDetail => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain,
  metadata,
});

/** `google.rpc.BadRequest` with one violation. */
export const badRequest = (description: string, field?: string): ErrorDetail => ({
  '@type': 'type.googleapis.com/google.rpc.BadRequest',
  fieldViolations: [{ ...(field === undefined ? {} : { field }), description }],
});

/** A path or method that no Google API serves: the front end's HTML page, not JSON. */
export const unknownPathResponse = (path: string): Response =>
  new Response(
    `<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> That’s an error.\n` +
      `<p>The requested URL <code>${path.replace(/[&<>]/g, '')}</code> was not found on this server. That’s all we know.\n`,
    { status: 404, headers: { 'content-type': 'text/html; charset=UTF-8' } },
  );

const FAILURES: Readonly<Record<FailureCondition, readonly [GoogleStatus, string]>> = {
  unavailable: ['UNAVAILABLE', 'The service is currently unavailable.'],
  internal: ['INTERNAL', 'Internal error encountered.'],
  throttled: ['RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'],
  // What Vertex AI hands on when the model server answers 5xx: the failure is the model's, the status is the server's.
  'model-error': ['INTERNAL', 'Prediction failed: the model server answered with an error.'],
};

/** The answer of a Google API that fails in one of the ways that every provider has. */
export const failureResponse = (condition: FailureCondition): Response => errorResponse(...FAILURES[condition]);
