import { createPermissions } from '../cloud/permissions.ts';
import type { EmulatedEndpoint, ProviderDefinition, ServiceDefinition } from '../emulator.ts';
import { createInferenceBackend } from '../inference/backend.ts';
import { assembleEmulator } from '../shared/assemble.ts';
import { createSecretEndpoint } from '../shared/secret-endpoint.ts';
import { mintCredential } from './credential.ts';
import { createEntra } from './entra.ts';
import { createVaultFront } from './key-vault/front.ts';
import { createVault } from './key-vault/vault.ts';
import { createOnlineEndpoint } from './online-endpoint.ts';
import { createPriceCatalog } from './price-catalog.ts';
import { createAppRegistration } from './registration.ts';
import { createRetailPrices } from './retail-prices.ts';
import { createTokenAuthority } from './tokens.ts';

const SCORE = 'score';

const ONLINE_ENDPOINT = {
  service: 'ml-online-endpoint',
  role: 'inference',
  isRegional: true,
  operations: [SCORE],
  needsTls: false,
} as const;
const ENTRA = { service: 'entra', role: 'token', isRegional: false, needsTls: true } as const;
const RETAIL_PRICES = { service: 'retail-prices', role: 'price', isRegional: false, needsTls: false } as const;
const KEY_VAULT = { service: 'key-vault', role: 'secret', isRegional: false, needsTls: false } as const;

/** Keys in a vault of each region; the secret store of the same name is apart. */
const VAULT_KEYS = {
  service: 'key-vault',
  role: 'key',
  isRegional: true,
  operations: ['WrapKey', 'UnwrapKey'],
  needsTls: false,
} as const;

const GLOBAL = 'global';

/** Azure Machine Learning online endpoints, and what a workload needs to call them. */
export const azure: ProviderDefinition = {
  provider: 'azure',
  title: 'Microsoft Azure',
  services: [ONLINE_ENDPOINT, VAULT_KEYS, ENTRA, RETAIL_PRICES, KEY_VAULT] satisfies readonly ServiceDefinition[],
  mintCredential,

  async createEmulator({ credential, regions, model, endpointName, candidate, secretStoreToken, hasKeys }, { models, onEvent }) {
    if (credential.provider !== 'azure') {
      throw new TypeError(`the azure emulator was given a credential of ${credential.provider}`);
    }
    const app = createAppRegistration(credential);
    const permissions = createPermissions();
    const mayScore = () => permissions.allows(ONLINE_ENDPOINT.service, SCORE);
    const authority = await createTokenAuthority(credential.tenantId);
    const backends = regions.map((region) => createInferenceBackend(ONLINE_ENDPOINT.service, region, model, models, onEvent));
    const vaults = hasKeys ? regions.map(({ region }) => ({ region, vault: createVault() })) : [];
    const endpoints: readonly EmulatedEndpoint[] = [
      ...vaults.map(({ region, vault }) => ({
        definition: VAULT_KEYS,
        region,
        fetch: createVaultFront({
          vault,
          app,
          authority,
          permits: (operation) => permissions.allows(VAULT_KEYS.service, operation),
          admits: () => true,
        }),
      })),
      ...backends.map((backend) => ({
        definition: ONLINE_ENDPOINT,
        region: backend.region.region,
        fetch: createOnlineEndpoint(backend, endpointName, app, authority, mayScore, candidate?.endpointName),
      })),
      { definition: ENTRA, region: GLOBAL, fetch: createEntra(app, authority) },
      { definition: RETAIL_PRICES, region: GLOBAL, fetch: createRetailPrices(createPriceCatalog(backends)) },
      { definition: KEY_VAULT, region: GLOBAL, fetch: createSecretEndpoint(app.credentials, secretStoreToken) },
    ];
    return assembleEmulator({
      provider: 'azure',
      endpoints,
      backends,
      credentials: app.credentials,
      permissions,
      keyServices: vaults.map(({ region, vault }) => ({
        service: VAULT_KEYS.service,
        region,
        setEnabled: vault.setEnabled,
        rotateAll: vault.rotateAll,
      })),
      expireTokens: () => authority.expireAll(),
      revokeTokens() {
        app.retireSecret();
        authority.expireAll();
      },
    });
  },
};
