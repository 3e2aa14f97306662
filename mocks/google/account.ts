import { type CloudAccount, type CloudCommand, type CloudDependencies, GLOBAL } from '../cloud/cloud.ts';
import { createPermissions, type Permissions } from '../cloud/permissions.ts';
import { createRequestRates, type RequestRates } from '../cloud/request-rates.ts';
import type { ServiceSpec } from '../cloud/service.ts';
import { stackOnly } from '../cloud/stack-only.ts';
import { createInferenceBackend, type InferenceBackend } from '../inference/backend.ts';
import { createCredentialStore } from '../shared/credential-store.ts';
import { createAccessTokens } from './access-tokens.ts';
import { type ApiKeys, createApiKeys } from './api-keys.ts';
import { type Authenticate, createAuthenticate } from './authenticate.ts';
import { type ComputeProject, createComputeProject } from './compute/project.ts';
import { type GoogleCredential, mintCredential, mintKey, toKeyFile } from './credential.ts';
import { createIdTokens } from './id-token.ts';
import { KMS } from './kms/endpoint.ts';
import { createKeyRings, type KeyRings } from './kms/keyring.ts';
import { createSignatureCheck } from './signed-claims.ts';
import type { TokenService } from './token-service.ts';

/** Id of the one endpoint that the project has in each region. */
export const ENDPOINT_ID = '4181594624327188480';

/** Name of the service of the endpoints, in the table and in commands. */
export const AIPLATFORM = 'aiplatform';

const MODEL = 'digits';

const INSTANCE_TYPE = 'n1-standard-8';

/**
 * What the instance costs on demand, US dollars an hour.
 * An estimate: the list price of Compute Engine plus 15 %. No copy of a page that has Vertex AI's own was found.
 */
const USD_PER_HOUR: Readonly<Record<string, number>> = { 'us-central1': 0.437, 'europe-west4': 0.481 };

/** What the services of one Google Cloud project share. */
export interface GoogleAccount extends CloudAccount {
  readonly regions: readonly string[];
  readonly projectId: string;
  readonly tokens: TokenService;
  readonly authenticate: Authenticate;
  readonly permissions: Permissions;
  readonly rates: RequestRates;
  readonly dependencies: CloudDependencies;
  /** Behind each region's endpoint. */
  readonly backends: readonly InferenceBackend[];
  readonly compute: ComputeProject;
  readonly apiKeys: ApiKeys;
  readonly keyRings: KeyRings;
}

const ANY = '*';

const createBackend = (region: string, { models }: CloudDependencies): InferenceBackend =>
  createInferenceBackend(
    AIPLATFORM,
    {
      region,
      capacity: { serviceTimeMs: 1, serviceTimeSigma: 0, concurrency: 8, queueLimit: 256 },
      instanceType: INSTANCE_TYPE,
      // Elsewhere as in the first region: the list has no others.
      instanceUsdPerHour: USD_PER_HOUR[region] ?? 0.437,
    },
    MODEL,
    models,
  );

/**
 * A project with one service account and its key, all fresh.
 * @param specs services that commands can name
 */
export const openGoogleAccount = async (
  specs: readonly ServiceSpec[],
  regions: readonly string[],
  dependencies: CloudDependencies,
): Promise<GoogleAccount> => {
  const initial = await mintCredential();
  const { projectId, clientEmail } = initial;
  const credentials = createCredentialStore<GoogleCredential>(initial, () => mintKey(projectId, clientEmail));
  const accessTokens = createAccessTokens();
  const tokens: TokenService = {
    credentials,
    accessTokens,
    signatures: createSignatureCheck(credentials),
    idTokens: createIdTokens(),
  };
  const apiKeys = createApiKeys(credentials);
  const permissions = createPermissions();
  const rates = createRequestRates(specs);
  const backends = regions.map((region) => createBackend(region, dependencies));
  const compute = createComputeProject(projectId, regions);
  const keyRings = createKeyRings(projectId, regions);
  const vertexQuota = specs.find(({ service }) => service === AIPLATFORM)?.quota.requestsPerS ?? null;
  for (const backend of backends) backend.setQuota(vertexQuota);

  /** The endpoints that a command means. @throws {TypeError} */
  const select = (service: string, region: string) => {
    const selected = specs
      .filter((spec) => service === ANY || spec.service === service)
      .flatMap((spec) => (spec.isRegional ? regions : [GLOBAL]).map((at) => ({ spec, region: at })))
      .filter((endpoint) => region === ANY || endpoint.region === region);
    if (selected.length === 0) throw new TypeError(`google has no service ${region}/${service}`);
    return selected;
  };
  const backendsOf = (service: string, region: string): readonly InferenceBackend[] => {
    const selected = select(service, region).filter(({ spec }) => spec.service === AIPLATFORM);
    return backends.filter((backend) => selected.some((endpoint) => endpoint.region === backend.region.region));
  };

  /** Regions of the key services among them. @throws {TypeError} */
  const keyRegionsOf = (service: string, region: string): readonly string[] => {
    const selected = select(service, region).filter(({ spec }) => spec.service === KMS);
    if (selected.length === 0) throw new TypeError(`google's ${service} has no keys; kms has`);
    return selected.map((one) => one.region);
  };

  const carryOut: {
    [Type in CloudCommand['type']]: (command: Extract<CloudCommand, { type: Type }>) => Promise<void> | void;
  } = {
    'revoke-credential': async ({ replacementAfterMs }) => {
      accessTokens.expireAll();
      await credentials.revoke(replacementAfterMs);
    },
    'expire-tokens': () => accessTokens.expireAll(),
    'set-price-multiplier': ({ service, region, multiplier }) => {
      for (const backend of backendsOf(service, region)) backend.setPriceMultiplier(multiplier);
    },
    'set-quota': ({ service, region, requestsPerS }) => {
      for (const backend of backendsOf(service, region)) backend.setQuota(requestsPerS ?? vertexQuota);
      for (const { spec, region: at } of select(service, region)) rates.set(spec.service, at, requestsPerS);
    },
    'set-permission': ({ service, operation, isAllowed }) => {
      for (const { spec } of select(service, ANY)) {
        if (operation !== ANY && !spec.operations.some(({ name }) => name === operation)) {
          throw new TypeError(`google's ${spec.service} has no operation ${operation}`);
        }
        permissions.set(spec.service, operation, isAllowed);
      }
    },
    'set-key-enabled': ({ service, region, isEnabled }) => {
      for (const at of keyRegionsOf(service, region)) keyRings.setEnabled(at, isEnabled);
    },
    'rotate-keys': ({ service, region }) => {
      for (const at of keyRegionsOf(service, region)) keyRings.rotateAll(at);
    },
    ...stackOnly('google'),
    'interrupt-instances': ({ region, noticeMs }) => {
      if (region !== ANY && !regions.includes(region)) throw new TypeError(`google has no region ${region}`);
      for (const at of region === ANY ? regions : [region]) compute.preempt(at, noticeMs);
    },
  };

  return {
    get credential() {
      const { provider: _, ...parts } = credentials.published;
      // The parts of the key file too: Google's clients take those as `credentials`.
      return { ...parts, apiKey: apiKeys.published, ...toKeyFile(credentials.published) };
    },
    regions,
    projectId,
    tokens,
    authenticate: createAuthenticate(tokens),
    permissions,
    rates,
    dependencies,
    backends,
    compute,
    apiKeys,
    keyRings,
    async control(command) {
      await carryOut[command.type](command as never);
    },
  };
};
