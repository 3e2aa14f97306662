import type { TlsSettings } from '@azure/core-rest-pipeline';
import { type Mounted, mount } from '../../harness/world/live/mount.ts';
import { type AzureCredential, mintCredential } from '../../mocks/azure/credential.ts';
import { azure } from '../../mocks/azure/provider.ts';
import type { CapacityConfig, EmulatorConfig, FetchHandler, RegionConfig } from '../../mocks/emulator.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { createLocalCa } from './local-ca.ts';
import { stubModels } from './model.ts';

export const EAST = 'eastus';
export const WEST_EUROPE = 'westeurope';
export const DEPLOYMENT = 'blue';
export const ML_SCOPE = 'https://ml.azure.com/.default';

const SECRET_STORE_TOKEN = 'workload-identity';
const CAPACITY: CapacityConfig = { serviceTimeMs: 1, serviceTimeSigma: 0, concurrency: 4, queueLimit: 8 };

export interface AzureOptions {
  readonly credential?: AzureCredential;
  readonly models?: ModelRuntime;
  readonly capacity?: Partial<CapacityConfig>;
}

const toRegions = (capacity: Partial<CapacityConfig> = {}): readonly RegionConfig[] =>
  [
    { region: EAST, instanceUsdPerHour: 0.293 },
    { region: WEST_EUROPE, instanceUsdPerHour: 0.351 },
  ].map((region) => ({ ...region, instanceType: 'Standard_DS3_v2', capacity: { ...CAPACITY, ...capacity } }));

/** The emulator in this process, and its handlers by service and region. */
export const createAzure = async ({ credential, models = stubModels, capacity }: AzureOptions = {}) => {
  const config = {
    provider: 'azure',
    regions: toRegions(capacity),
    credential: credential ?? (await mintCredential()),
    secretStoreToken: SECRET_STORE_TOKEN,
    endpointName: DEPLOYMENT,
    model: 'digits',
  } satisfies EmulatorConfig;
  const emulator = await azure.createEmulator(config, { models });

  const handler = (service: string, of = 'global'): FetchHandler => {
    const endpoint = emulator.endpoints.find(({ definition, region }) => definition.service === service && region === of);
    if (!endpoint) throw new TypeError(`no endpoint ${of}/${service}`);
    return endpoint.fetch;
  };

  /** What the secret store hands out now. */
  const readCredential = async (): Promise<AzureCredential> => {
    const headers = { authorization: `Bearer ${SECRET_STORE_TOKEN}` };
    const response = await handler('key-vault')(new Request('http://key-vault/credential', { headers }));
    return ((await response.json()) as { credential: AzureCredential }).credential;
  };

  return { emulator, credential: config.credential, handler, readCredential };
};

/** The fields of a good token request; `undefined` leaves one out. */
export const tokenForm = (
  credential: AzureCredential,
  changes: Readonly<Record<string, string | undefined>> = {},
): URLSearchParams => {
  const fields = {
    grant_type: 'client_credentials',
    client_id: credential.clientId,
    client_secret: credential.clientSecret,
    scope: ML_SCOPE,
    ...changes,
  };
  return new URLSearchParams(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined));
};

/** A token request as a client without an SDK makes it. */
export const tokenRequest = (tenant: string, body: URLSearchParams, headers: Readonly<Record<string, string>> = {}): Request =>
  new Request(`http://entra/${tenant}/oauth2/v2.0/token`, { method: 'POST', body, headers });

/** An access token, or the test fails. */
export const fetchToken = async (
  { handler, credential }: Pick<Awaited<ReturnType<typeof createAzure>>, 'handler' | 'credential'>,
  scope = ML_SCOPE,
): Promise<string> => {
  const response = await handler('entra')(tokenRequest(credential.tenantId, tokenForm(credential, { scope })));
  if (!response.ok) throw new Error(`no token: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
};

/** A scoring request; `undefined` leaves a header out. */
export const scoreRequest = (
  bearer: string | undefined,
  body: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): Request => {
  const all = {
    authorization: bearer === undefined ? undefined : `Bearer ${bearer}`,
    'content-type': 'application/json',
    ...headers,
  };
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Request('http://endpoint/score', { method: 'POST', body, headers: present });
};

/** The emulator on loopback sockets over TLS, as Azure's SDKs insist, each endpoint with an origin of its own. */
export const mountAzure = async (options: AzureOptions = {}) => {
  const created = await createAzure(options);
  const ca = await createLocalCa();
  const tls = await ca.issue(['localhost', '127.0.0.1']);
  const mounted = new Map<string, Mounted>();
  for (const { definition, region, fetch } of created.emulator.endpoints) {
    mounted.set(`${region}/${definition.service}`, await mount(fetch, { tls }));
  }
  return {
    ...created,
    caCertPem: ca.caCertPem,
    tlsOptions: { ca: ca.caCertPem } satisfies TlsSettings,
    origin(service: string, of = 'global'): string {
      const found = mounted.get(`${of}/${service}`);
      if (!found) throw new TypeError(`nothing mounted as ${of}/${service}`);
      return found.origin;
    },
    async close() {
      await Promise.all([...mounted.values()].map(({ close }) => close()));
    },
  };
};
