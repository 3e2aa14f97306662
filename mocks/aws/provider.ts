import { createPermissions } from '../cloud/permissions.ts';
import type { EmulatedEndpoint, ProviderDefinition, ServiceDefinition } from '../emulator.ts';
import { createInferenceBackend } from '../inference/backend.ts';
import { assembleEmulator } from '../shared/assemble.ts';
import { createClock } from '../shared/clock.ts';
import { createSecretEndpoint } from '../shared/secret-endpoint.ts';
import { mintSession } from './credential.ts';
import { createKmsRegion } from './kms/region.ts';
import { createStackKms } from './kms/stack.ts';
import { createPricing } from './pricing.ts';
import { createSageMakerRuntime } from './sagemaker-runtime.ts';
import { createSessionStore } from './session-store.ts';

const RUNTIME: ServiceDefinition = {
  service: 'sagemaker-runtime',
  role: 'inference',
  isRegional: true,
  operations: ['InvokeEndpoint', 'InvokeEndpointWithResponseStream'],
  needsTls: false,
};
const PRICING: ServiceDefinition = { service: 'pricing', role: 'price', isRegional: false, needsTls: false };
const KMS: ServiceDefinition = {
  service: 'kms',
  role: 'key',
  isRegional: true,
  operations: ['GenerateDataKey', 'Decrypt', 'ReEncrypt'],
  needsTls: false,
};
const SECRETS: ServiceDefinition = { service: 'secretsmanager', role: 'secret', isRegional: false, needsTls: false };

/** Amazon Web Services: SageMaker runtime in each region, the price list, and the workload's secret store. */
export const aws: ProviderDefinition = {
  provider: 'aws',
  title: 'Amazon Web Services',
  services: [RUNTIME, KMS, PRICING, SECRETS],
  mintCredential: async () => mintSession(),
  async createEmulator(config, { models, onEvent }) {
    const { credential, endpointName } = config;
    if (credential.provider !== 'aws') throw new TypeError(`aws: the credential is of ${credential.provider}; give one of aws`);
    const sessions = createSessionStore(credential);
    const permissions = createPermissions();
    const clock = createClock();
    const backends = config.regions.map((region) =>
      createInferenceBackend(RUNTIME.service, region, config.model, models, onEvent),
    );
    const keyRegions = config.hasKeys ? config.regions.map(({ region }) => createKmsRegion(region)) : [];
    const endpoints: readonly EmulatedEndpoint[] = [
      ...keyRegions.map((keys) => ({
        definition: KMS,
        region: keys.region,
        fetch: createStackKms({
          keys,
          sessions,
          nowMs: clock.nowMs,
          permits: (operation) => permissions.allows(KMS.service, operation),
        }),
      })),
      ...backends.map((backend) => ({
        definition: RUNTIME,
        region: backend.region.region,
        fetch: createSageMakerRuntime({
          region: backend.region.region,
          endpointName,
          ...(config.candidate?.variant === undefined ? {} : { candidateVariant: config.candidate.variant }),
          backend,
          sessions,
          nowMs: clock.nowMs,
          permits: (operation) => permissions.allows(RUNTIME.service, operation),
        }),
      })),
      { definition: PRICING, region: 'global', fetch: createPricing(backends, sessions, clock.nowMs) },
      { definition: SECRETS, region: 'global', fetch: createSecretEndpoint(sessions, config.secretStoreToken) },
    ];
    return assembleEmulator({
      provider: 'aws',
      endpoints,
      backends,
      credentials: sessions,
      permissions,
      keyServices: keyRegions.map(({ region, setEnabled, rotateAll }) => ({
        service: KMS.service,
        region,
        setEnabled,
        rotateAll,
      })),
      clock,
      expireTokens: sessions.expireSession,
      // Revoking the identity takes its sessions with it: the store itself forgets them.
      revokeTokens: () => undefined,
    });
  },
};
