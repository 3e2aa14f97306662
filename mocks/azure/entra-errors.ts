import type { FailureCondition } from '../control.ts';

/** How Entra refuses one kind of request. */
interface Refusal {
  readonly aadsts: number;
  readonly status: 400 | 401 | 429 | 500 | 503;
  readonly error: string;
  /** @param subject what the refusal is about: a parameter, an application, a tenant, ... */
  readonly message: (subject: string) => string;
}

/**
 * Sources: "Microsoft Entra authentication and authorization error codes" (entra-docs, edition of April 2024), and answers of the real
 * service recorded in the tests of public clients; read November 2026. The statuses of `throttled`, `unavailable` and `internal` are ours.
 */
const REFUSALS = {
  'missing-parameter': {
    aadsts: 900144,
    status: 400,
    error: 'invalid_request',
    message: (parameter) => `The request body must contain the following parameter: '${parameter}'.`,
  },
  'unsupported-grant': {
    aadsts: 70003,
    status: 400,
    error: 'unsupported_grant_type',
    message: (grant) => `The app requested an unsupported grant type '${grant}'.`,
  },
  'unknown-tenant': {
    aadsts: 90002,
    status: 400,
    error: 'invalid_request',
    message: (tenant) =>
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  },
  'malformed-tenant': {
    aadsts: 900023,
    status: 400,
    error: 'invalid_request',
    message: (tenant) => `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
  },
  'no-tenant': {
    aadsts: 50059,
    status: 400,
    error: 'invalid_request',
    message: () => 'No tenant-identifying information found in either the request or implied by any provided credentials.',
  },
  'unknown-application': {
    aadsts: 700016,
    status: 400,
    error: 'unauthorized_client',
    message: (subject) =>
      `Application with identifier ${subject}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  },
  'not-one-scope': {
    aadsts: 70011,
    status: 400,
    error: 'invalid_scope',
    message: (scope) =>
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  },
  'not-default-scope': {
    aadsts: 1002012,
    status: 400,
    error: 'invalid_scope',
    message: (scope) =>
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  },
  'unknown-resource': {
    aadsts: 500011,
    status: 400,
    error: 'invalid_resource',
    message: (subject) =>
      `The resource principal named ${subject}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  },
  'no-client-authentication': {
    aadsts: 7000218,
    status: 401,
    error: 'invalid_client',
    message: () => "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  'wrong-secret': {
    aadsts: 7000215,
    status: 401,
    error: 'invalid_client',
    message: (app) =>
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${app}'.`,
  },
  'expired-secret': {
    aadsts: 7000222,
    status: 401,
    error: 'invalid_client',
    message: (app) =>
      `The provided client secret keys for app '${app}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  },
  'unregistered-certificate': {
    aadsts: 700027,
    status: 401,
    error: 'invalid_client',
    message: (app) =>
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found. Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${app}'.]`,
  },
  'unknown-instance': {
    aadsts: 50049,
    status: 400,
    error: 'invalid_instance',
    message: () => 'Unknown or invalid instance.',
  },
  throttled: {
    aadsts: 90055,
    status: 429,
    error: 'temporarily_unavailable',
    message: () => 'There are too many incoming requests. Please try again later.',
  },
  unavailable: {
    aadsts: 90033,
    status: 503,
    error: 'temporarily_unavailable',
    message: () => 'A transient error has occurred. Please try again.',
  },
  internal: {
    aadsts: 50000,
    status: 500,
    error: 'server_error',
    message: () => 'There was an error issuing a token or an issue with our sign-in service.',
  },
} as const satisfies Record<string, Refusal>;

export type RefusalName = keyof typeof REFUSALS;

/** Thrown while a request is checked; answered as Entra would. */
export class EntraRefusal extends Error {
  override readonly name = 'EntraRefusal';
  readonly refusal: RefusalName;
  readonly subject: string;
  constructor(refusal: RefusalName, subject = '') {
    super(`${refusal}: ${subject}`);
    this.refusal = refusal;
    this.subject = subject;
  }
}

/** `2026-11-24 21:13:00Z` */
const timestampNow = (): string => `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;

/**
 * Entra's error body.
 * @param correlationId the caller's `client-request-id`, which Entra repeats
 * @param error overrides the error's OAuth name, for an endpoint that has another
 */
export const refusalResponse = (
  { refusal, subject }: EntraRefusal,
  correlationId: string = crypto.randomUUID(),
  error?: string,
): Response => {
  const { aadsts, status, message, error: usualError }: Refusal = REFUSALS[refusal];
  const traceId = crypto.randomUUID();
  const timestamp = timestampNow();
  const body = {
    error: error ?? usualError,
    error_description: `AADSTS${aadsts}: ${message(subject)} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [aadsts],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${aadsts}`,
  };
  return Response.json(body, { status, headers: { 'x-ms-request-id': traceId } });
};

const FAILURES: Readonly<Record<FailureCondition, RefusalName>> = {
  unavailable: 'unavailable',
  internal: 'internal',
  throttled: 'throttled',
  'model-error': 'internal',
};

/** What Entra answers when it fails. @param correlationId as for `refusalResponse` */
export const entraFailure = (condition: FailureCondition, correlationId?: string): Response => {
  const response = refusalResponse(new EntraRefusal(FAILURES[condition]), correlationId);
  if (condition === 'throttled') response.headers.set('retry-after', '1');
  return response;
};
