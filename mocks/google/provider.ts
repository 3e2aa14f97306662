import { createPermissions } from '../cloud/permissions.ts';
import type { EmulatedEndpoint, FetchHandler, ProviderDefinition, ServiceDefinition } from '../emulator.ts';
import { createInferenceBackend } from '../inference/backend.ts';
import { assembleEmulator } from '../shared/assemble.ts';
import { createClock } from '../shared/clock.ts';
import { createCredentialStore } from '../shared/credential-store.ts';
import { createSecretEndpoint } from '../shared/secret-endpoint.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createAuthenticate } from './authenticate.ts';
import { createCatalogEndpoint } from './catalog-endpoint.ts';
import { mintCredential, mintKey } from './credential.ts';
import { describeDeployedModel } from './deployed-model.ts';
import { createIdTokens } from './id-token.ts';
import { createKmsEndpoint, KMS } from './kms/endpoint.ts';
import { createKeyRings } from './kms/keyring.ts';
import { createSignatureCheck } from './signed-claims.ts';
import { createTokenEndpoint } from './token-endpoint.ts';
import type { TokenService } from './token-service.ts';
import { createVertexEndpoint } from './vertex-endpoint.ts';

const AIPLATFORM: ServiceDefinition = {
  service: 'aiplatform',
  role: 'inference',
  isRegional: true,
  operations: ['Predict', 'RawPredict', 'ServerStreamingPredict', 'StreamRawPredict', 'GetEndpoint'],
  needsTls: false,
};
const CLOUD_KMS: ServiceDefinition = {
  service: KMS,
  role: 'key',
  isRegional: true,
  operations: ['Encrypt', 'Decrypt'],
  needsTls: false,
};
const OAUTH2: ServiceDefinition = { service: 'oauth2', role: 'token', isRegional: false, needsTls: false };
const CLOUDBILLING: ServiceDefinition = { service: 'cloudbilling', role: 'price', isRegional: false, needsTls: false };
const SECRETMANAGER: ServiceDefinition = { service: 'secretmanager', role: 'secret', isRegional: false, needsTls: false };

const global = (definition: ServiceDefinition, fetch: FetchHandler): EmulatedEndpoint => ({
  definition,
  region: 'global',
  fetch,
});

/**
 * Google Cloud: Vertex AI online prediction a region, the OAuth 2.0 token endpoint, the Cloud Billing catalog, and a secret store.
 * README.md says how Google's own clients are pointed at it.
 */
export const google: ProviderDefinition = {
  provider: 'google',
  title: 'Google Cloud',
  services: [AIPLATFORM, CLOUD_KMS, OAUTH2, CLOUDBILLING, SECRETMANAGER],
  mintCredential,

  async createEmulator(config, { models, onEvent }) {
    const { credential, endpointName, model } = config;
    if (credential.provider !== 'google')
      throw new TypeError(`The google emulator takes a google credential, not ${credential.provider}.`);
    const { projectId, clientEmail } = credential;

    // A replacement is a new key of the same service account, as at Google.
    const credentials = createCredentialStore(credential, () => mintKey(projectId, clientEmail));
    const clock = createClock();
    const accessTokens = createAccessTokens(clock.nowMs);
    const tokens: TokenService = {
      credentials,
      accessTokens,
      signatures: createSignatureCheck(credentials),
      idTokens: createIdTokens(),
      nowMs: clock.nowMs,
    };
    const authenticate = createAuthenticate(tokens);
    const permissions = createPermissions();
    const permits = (rpc: string) => permissions.allows(AIPLATFORM.service, rpc);
    const backends = config.regions.map((region) => createInferenceBackend(AIPLATFORM.service, region, model, models, onEvent));

    const predictions = backends.map((backend): EmulatedEndpoint => {
      const { region } = backend.region;
      const deployed = describeDeployedModel(projectId, region, endpointName, model);
      const fetch = createVertexEndpoint({
        projectId,
        endpoint: endpointName,
        ...(config.candidate?.endpointName === undefined ? {} : { candidate: config.candidate.endpointName }),
        backend,
        deployed,
        authenticate,
        permits,
      });
      return { definition: AIPLATFORM, region, fetch };
    });

    const keyRegions = config.hasKeys ? config.regions.map(({ region }) => region) : [];
    const rings = createKeyRings(projectId, keyRegions);
    const kms = createKmsEndpoint({
      projectId,
      rings,
      authenticate,
      permits: (rpc) => permissions.allows(KMS, rpc),
      admits: () => true,
    });

    return assembleEmulator({
      provider: 'google',
      endpoints: [
        ...predictions,
        ...keyRegions.map((region) => ({ definition: CLOUD_KMS, region, fetch: kms })),
        global(OAUTH2, createTokenEndpoint(tokens)),
        global(CLOUDBILLING, createCatalogEndpoint(backends, authenticate)),
        global(SECRETMANAGER, createSecretEndpoint(credentials, config.secretStoreToken)),
      ],
      backends,
      credentials,
      permissions,
      keyServices: keyRegions.map((region) => ({
        service: KMS,
        region,
        setEnabled: (isEnabled) => rings.setEnabled(region, isEnabled),
        rotateAll: () => rings.rotateAll(region),
      })),
      clock,
      expireTokens: () => accessTokens.expireAll(),
    });
  },
};
