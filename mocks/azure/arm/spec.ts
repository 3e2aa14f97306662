import type { ServiceSpec } from '../../cloud/service.ts';

/** Requests that Resource Manager takes, whatever the provider behind it. */
export const ARM_QUOTA: ServiceSpec['quota'] = {
  requestsPerS: 25,
  burst: 250,
  apart: { write: { requestsPerS: 10, burst: 200 }, delete: { requestsPerS: 10, burst: 200 } },
  source:
    '"Understand how Azure Resource Manager throttles requests", regional throttling: reads, and writes and deletes apart, of a subscription and principal; here of each provider; read November 2026',
};

/** How Resource Manager answers; sources are at `ArmError`. @param quotaCode what the provider behind it says when more is asked for than may be had */
export const armErrors = (quotaCode: string): ServiceSpec['errors'] => ({
  'forged-credential': { status: 401, code: 'InvalidAuthenticationToken' },
  'expired-credential': { status: 401, code: 'ExpiredAuthenticationToken' },
  'revoked-credential': { status: 401, code: 'ExpiredAuthenticationToken' },
  'missing-permission': { status: 403, code: 'AuthorizationFailed' },
  'malformed-request': { status: 400, code: 'InvalidParameter' },
  'unknown-resource': { status: 404, code: 'ResourceNotFound' },
  throttled: { status: 429, code: 'SubscriptionRequestsThrottled' },
  'quota-exceeded': { status: 409, code: quotaCode },
  unavailable: { status: 503, code: 'ServerTimeout' },
});
