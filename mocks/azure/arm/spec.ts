import type { ServiceSpec } from '../../cloud/service.ts';

/** Requests that Resource Manager takes, whatever the provider behind it. */
export const ARM_QUOTA: ServiceSpec['quota'] = {
  requestsPerS: 25,
  source:
    '"How Azure Resource Manager throttles requests": reads refill at 25 a second a subscription and principal; read November 2026',
};

/** How Resource Manager answers. @param quotaCode what the provider behind it says when more is asked for than may be had */
export const armErrors = (quotaCode: string): ServiceSpec['errors'] => ({
  'forged-credential': { status: 401, code: 'InvalidAuthenticationToken' },
  'expired-credential': { status: 401, code: 'ExpiredAuthenticationToken' },
  'revoked-credential': { status: 401, code: 'ExpiredAuthenticationToken' },
  'missing-permission': { status: 403, code: 'AuthorizationFailed' },
  'malformed-request': { status: 400, code: 'InvalidParameter' },
  'unknown-resource': { status: 404, code: 'ResourceNotFound' },
  throttled: { status: 429, code: 'SubscriptionRequestsThrottled' },
  'quota-exceeded': { status: 409, code: quotaCode },
  unavailable: { status: 503, code: 'ServerUnavailable' },
});
