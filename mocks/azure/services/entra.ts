import { GLOBAL } from '../../cloud/cloud.ts';
import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { createEntra } from '../entra.ts';
import { entraFailure } from '../entra-errors.ts';

const SERVICE = 'entra';

const spec: ServiceSpec = {
  cloud: 'azure',
  service: SERVICE,
  title: 'Microsoft Entra ID, token endpoint',
  layer: 'shared',
  isRegional: false,
  needsTls: true,
  hosts: () => ['login.microsoftonline.com'],
  auth: ['none'],
  sdk: { package: '@azure/identity', override: 'authorityHost, disableInstanceDiscovery' },
  operations: [
    { name: 'token', request: 'POST /{tenant}/oauth2/v2.0/token' },
    { name: 'openid-configuration', request: 'GET /{tenant}/v2.0/.well-known/openid-configuration' },
    { name: 'keys', request: 'GET /{tenant}/discovery/v2.0/keys' },
    { name: 'instance', request: 'GET /common/discovery/instance' },
  ],
  quota: { requestsPerS: null, source: 'no figure for tokens is known to us' },
  errors: {
    'forged-credential': { status: 401, code: 'AADSTS7000215' },
    'revoked-credential': { status: 401, code: 'AADSTS7000222' },
    'malformed-request': { status: 400, code: 'AADSTS1002012' },
    'unknown-resource': { status: 400, code: 'AADSTS500011' },
    throttled: { status: 429, code: 'AADSTS90055' },
    unavailable: { status: 503, code: 'AADSTS90033' },
  },
  source:
    '@azure/identity 4.13; "Microsoft Entra authentication and authorization error codes" and bodies recorded in MSAL\'s tests; read November 2026. They give no status of 90055 and 90033: ours',
};

/** Microsoft Entra ID of the account's tenant. */
export const entra: CloudService<AzureAccount> = {
  spec,
  create({ app, authority, rates }) {
    const answer = createEntra(app, authority);
    return async (request) =>
      rates.admits(SERVICE, GLOBAL)
        ? answer(request)
        : entraFailure('throttled', request.headers.get('client-request-id') ?? undefined);
  },
  failure: (condition) => entraFailure(condition),
};
