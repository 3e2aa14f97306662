import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { vaultFailure } from '../key-vault/errors.ts';
import { createVaultFront, KEY_VAULT } from '../key-vault/front.ts';
import { VAULT_METHODS } from '../key-vault/methods.ts';

const API_VERSION = '7.6';

const requestOf = (key: string): string => {
  const names = ['{name}', '{version}'];
  return `${key.replace(/[*+]/g, () => names.shift() ?? '')}?api-version=${API_VERSION}`;
};

const spec: ServiceSpec = {
  cloud: 'azure',
  service: KEY_VAULT,
  title: 'Azure Key Vault, keys',
  layer: 'shared',
  isRegional: true,
  needsTls: true,
  hosts: (region) => [`squall-${region}.vault.azure.net`],
  auth: ['entra'],
  sdk: { package: '@azure/keyvault-keys', override: 'vault URL, with disableChallengeResourceVerification' },
  operations: Object.entries(VAULT_METHODS).map(([key, { operation }]) => ({ name: operation, request: requestOf(key) })),
  quota: {
    requestsPerS: 400,
    burst: 4000,
    source:
      '"Azure Key Vault service limits": 4,000 transactions in 10 seconds, a vault and region, of RSA software keys of 2,048 bits; new keys, 20, count with the others here; searched November 2026',
  },
  errors: {
    'forged-credential': { status: 401, code: 'Unauthorized' },
    'expired-credential': { status: 401, code: 'Unauthorized' },
    'revoked-credential': { status: 401, code: 'Unauthorized' },
    'missing-permission': { status: 403, code: 'Forbidden' },
    'malformed-request': { status: 400, code: 'BadParameter' },
    'unknown-resource': { status: 404, code: 'KeyNotFound' },
    throttled: { status: 429, code: 'Throttled' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    '@azure/keyvault-keys 4.10.2 (paths, bodies, the challenge that @azure/keyvault-common 2 answers); "Azure Key Vault REST API error codes"; searched November 2026. Inner codes as clients know them',
};

/** RSA keys in a vault of each region. The key `squall` stands there from the start. */
export const keyVault: CloudService<AzureAccount> = {
  spec,
  create: ({ vaults, app, authority, permissions, rates }, region) => {
    const vault = vaults.get(region);
    if (!vault) throw new TypeError(`azure has no region ${region}`);
    return createVaultFront({
      vault,
      app,
      authority,
      permits: (operation) => permissions.allows(KEY_VAULT, operation),
      admits: () => rates.admits(KEY_VAULT, region),
    });
  },
  failure: vaultFailure,
};
