import type { FailureCondition } from '../control.ts';

/**
 * Statuses of a managed online endpoint, with the texts that are public. Sources: Azure ML docs, "Troubleshoot online endpoints", HTTP
 * status codes of managed ones (401, 404, 408, 424, 429, 500; it names no Retry-After, but exponential back-off; read November 2026),
 * and its edition of 2021 (413); the Envoy filters of Microsoft's inference router (`ms-azureml-model-error-*`, empty 429); issues of
 * MicrosoftDocs/azure-docs (`key_auth_access_denied`). Clients go by status and headers: no SDK reads these bodies.
 */
const text = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(body, { status, headers: { 'content-type': 'text/plain', ...headers } });

/** Why a caller is not let in. The docs give 401 to all of it, a missing permission included. */
export type DenialReason =
  | 'bad-header'
  | 'unknown-key'
  | 'expired-token'
  | 'invalid-token'
  | 'wrong-audience'
  | 'missing-permission';

const DENIALS: Readonly<Record<DenialReason, { readonly body: string; readonly challenge?: string }>> = {
  'bad-header': { body: 'key_auth_bad_header_forbidden' },
  'unknown-key': { body: 'key_auth_access_denied' },
  'expired-token': { body: 'The access token has expired.', challenge: 'error="invalid_token", error_description="expired"' },
  'invalid-token': { body: 'The access token is not valid.', challenge: 'error="invalid_token"' },
  'wrong-audience': {
    body: 'The access token is for another audience than https://ml.azure.com.',
    challenge: 'error="invalid_token", error_description="wrong audience"',
  },
  'missing-permission': {
    body: 'The caller may not perform Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action.',
    challenge: 'error="insufficient_scope"',
  },
};

export const deniedResponse = (reason: DenialReason): Response => {
  const { body, challenge } = DENIALS[reason];
  return text(401, body, { 'www-authenticate': challenge ? `Bearer ${challenge}` : 'Bearer' });
};

export const notFoundResponse = (what: string): Response => text(404, what);

/** The deployment took longer than its `request_timeout_ms`. */
export const timeoutResponse = (): Response => text(408, 'upstream request timeout');

export const tooLargeResponse = (): Response => text(413, 'Payload Too Large');

/** More requests at a time than the deployment takes: the router rejects the request, with no body. */
export const tooManyPendingResponse = (): Response =>
  text(429, '', { 'ms-azureml-model-error-reason': 'too_many_pending_request' });

/** More requests a second than the endpoint's limit. */
export const rateLimitedResponse = (): Response => text(429, 'Rate limit is exceeded.');

/**
 * The model's container answered with another status than 200: its body under 424, its status in a header.
 * @param containerStatus what the container answered with
 */
export const modelErrorResponse = (containerStatus: number, errorCode: string, message: string): Response =>
  Response.json(
    { error_code: errorCode, message },
    {
      status: 424,
      headers: {
        'ms-azureml-model-error-reason': 'model_error',
        'ms-azureml-model-error-statuscode': `${containerStatus}`,
      },
    },
  );

const FAILURES: Readonly<Record<FailureCondition, () => Response>> = {
  // Envoy's words when none of a cluster's hosts is up.
  unavailable: () => text(503, 'no healthy upstream'),
  internal: () => text(500, 'Internal Server Error'),
  throttled: tooManyPendingResponse,
  'model-error': () => modelErrorResponse(500, 'INTERNAL_ERROR', 'The scoring script failed.'),
};

/** The answer of an online endpoint that fails in one of the ways that every provider has. */
export const failureResponse = (condition: FailureCondition): Response => FAILURES[condition]();
