import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { armFailure } from '../arm/errors.ts';
import { createFront } from '../arm/providers.ts';
import { listOperations } from '../arm/route.ts';
import { COMPUTE_ROUTES } from '../compute/routes.ts';

const SERVICE = 'compute';

const spec: ServiceSpec = {
  cloud: 'azure',
  service: SERVICE,
  title: 'Azure Virtual Machines',
  layer: 'IaaS',
  isRegional: true,
  needsTls: true,
  hosts: (region) => [`${region}.management.azure.com`, 'management.azure.com'],
  auth: ['entra'],
  sdk: { package: '@azure/arm-compute', override: 'endpoint' },
  operations: listOperations(COMPUTE_ROUTES),
  quota: {
    requestsPerS: 25,
    source:
      '"How Azure Resource Manager throttles requests": reads refill at 25 a second a subscription and principal; read November 2026',
  },
  errors: {
    'forged-credential': { status: 401, code: 'InvalidAuthenticationToken' },
    'expired-credential': { status: 401, code: 'ExpiredAuthenticationToken' },
    'revoked-credential': { status: 401, code: 'ExpiredAuthenticationToken' },
    'missing-permission': { status: 403, code: 'AuthorizationFailed' },
    'malformed-request': { status: 400, code: 'InvalidParameter' },
    'unknown-resource': { status: 404, code: 'ResourceNotFound' },
    throttled: { status: 429, code: 'SubscriptionRequestsThrottled' },
    'quota-exceeded': { status: 409, code: 'OperationNotAllowed' },
    unavailable: { status: 503, code: 'ServerUnavailable' },
  },
  source:
    '@azure/arm-compute 25.1.1 (API version 2026-04-01); REST API reference of Virtual Machines; "Error messages for Azure Spot Virtual Machines"; read November 2026',
};

/** Azure virtual machines through Azure Resource Manager. */
export const compute: CloudService<AzureAccount> = {
  spec,
  create: (account, region) => createFront(account, SERVICE, region),
  failure: armFailure,
};
