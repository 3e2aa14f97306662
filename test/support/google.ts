import { GoogleAuth, gaxios, JWT } from 'google-auth-library';
import { importPKCS8, SignJWT } from 'jose';
import { mount } from '../../harness/world/live/mount.ts';
import type { EmulatorConfig, FetchHandler, RegionConfig } from '../../mocks/emulator.ts';
import { type GoogleCredential, mintCredential, toKeyFile } from '../../mocks/google/credential.ts';
import { google } from '../../mocks/google/provider.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { stubModels } from './model.ts';

export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

export const ENDPOINT = '4181594624327188480';

const SECRET_STORE_TOKEN = 'workload-identity';

const region = (name: string, instanceUsdPerHour: number): RegionConfig => ({
  region: name,
  capacity: { serviceTimeMs: 1, serviceTimeSigma: 0, concurrency: 4, queueLimit: 8 },
  instanceUsdPerHour,
  instanceType: 'g2-standard-8',
});

export const REGIONS: readonly RegionConfig[] = [region('us-central1', 0.8535), region('europe-west4', 0.9396)];

export interface GoogleOptions {
  readonly credential?: GoogleCredential;
  readonly models?: ModelRuntime;
  readonly model?: string;
  readonly regions?: readonly RegionConfig[];
}

/** The emulator in this process, its handlers by link name. */
export const createGoogle = async ({
  credential,
  models = stubModels,
  model = 'digits',
  regions = REGIONS,
}: GoogleOptions = {}) => {
  const config = {
    provider: 'google',
    regions,
    credential: credential ?? (await mintCredential()),
    secretStoreToken: SECRET_STORE_TOKEN,
    endpointName: ENDPOINT,
    model,
  } satisfies EmulatorConfig;
  const emulator = await google.createEmulator(config, { models });

  const handler = (service: string, of = 'global'): FetchHandler => {
    const endpoint = emulator.endpoints.find(({ definition, region }) => definition.service === service && region === of);
    if (!endpoint) throw new TypeError(`no endpoint ${of}/${service}`);
    return endpoint.fetch;
  };

  /** What the secret store hands out now. */
  const readCredential = async (): Promise<GoogleCredential> => {
    const headers = { authorization: `Bearer ${SECRET_STORE_TOKEN}` };
    const response = await handler('secretmanager')(new Request('http://secretmanager/credential', { headers }));
    return ((await response.json()) as { credential: GoogleCredential }).credential;
  };

  return { emulator, credential: config.credential, projectId: config.credential.projectId, handler, readCredential };
};

/** The emulator on loopback sockets, each endpoint with an origin of its own. */
export const mountGoogle = async (options: GoogleOptions = {}) => {
  const created = await createGoogle(options);
  const mounted = await Promise.all(
    created.emulator.endpoints.map(async ({ definition, region, fetch }) => ({
      name: `${region}/${definition.service}`,
      ...(await mount(fetch)),
    })),
  );
  const find = (service: string, of = 'global') => {
    const found = mounted.find(({ name }) => name === `${of}/${service}`);
    if (!found) throw new TypeError(`nothing mounted as ${of}/${service}`);
    return found;
  };
  return {
    ...created,
    origin: (service: string, of?: string) => find(service, of).origin,
    port: (service: string, of?: string) => find(service, of).port,
    async close() {
      await Promise.all(mounted.map(({ close }) => close()));
    },
  };
};

/**
 * Google's transport with an endpoint override for the token endpoint, whose URL google-auth-library 11 holds as a constant
 * (`gtoken/getToken.js`): requests to it go to the emulator, all others where they were meant to.
 * @param tokenOrigin origin of the emulated oauth2 service
 */
export const createTransporter = (tokenOrigin: string): gaxios.Gaxios => {
  const transporter = new gaxios.Gaxios({ retry: false });
  transporter.interceptors.request.add({
    resolved: async (config) => {
      if (config.url.hostname === 'oauth2.googleapis.com')
        config.url = new URL(config.url.pathname + config.url.search, tokenOrigin);
      // The library asks for retries of the token request; a test of an error shape wants the first answer.
      config.retry = false;
      delete config.retryConfig;
      return config;
    },
  });
  return transporter;
};

export interface ClientOptions {
  readonly tokenOrigin: string;
  readonly scopes?: readonly string[];
}

/** Google's own credential of a service account, which exchanges a signed assertion for an access token. */
export const createJwt = (credential: GoogleCredential, { tokenOrigin, scopes = [CLOUD_PLATFORM] }: ClientOptions): JWT => {
  const jwt = new JWT({
    email: credential.clientEmail,
    key: credential.privateKeyPem,
    keyId: credential.privateKeyId,
    scopes: [...scopes],
    transporter: createTransporter(tokenOrigin),
  });
  // Unless told otherwise, clients of Google APIs sign their own tokens and never ask the token endpoint.
  jwt.useJWTAccessWithScope = false;
  return jwt;
};

/** The same, as the clients of Google APIs take it. */
export const createAuth = (credential: GoogleCredential, options: ClientOptions): GoogleAuth =>
  new GoogleAuth({ authClient: createJwt(credential, options) });

/** As a key file alone makes it: clients of Google APIs then sign their own tokens. */
export const createSelfSigningAuth = (credential: GoogleCredential): GoogleAuth => {
  const authClient = new JWT();
  authClient.fromJSON(toKeyFile(credential));
  return new GoogleAuth({ authClient });
};

export interface AssertionOptions {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Key that signs; the credential's own by default. */
  readonly privateKeyPem?: string;
}

/** A signed assertion as Google's libraries make it, with claims and header parts replaced (undefined removes one). */
export const signAssertion = async (
  { clientEmail, privateKeyPem, privateKeyId }: GoogleCredential,
  { claims = {}, header = {}, privateKeyPem: otherKey }: AssertionOptions = {},
): Promise<string> => {
  const nowS = Math.floor(Date.now() / 1000);
  const payload = {
    iss: clientEmail,
    scope: CLOUD_PLATFORM,
    aud: 'https://oauth2.googleapis.com/token',
    iat: nowS,
    exp: nowS + 3600,
    ...claims,
  };
  const key = await importPKCS8(otherKey ?? privateKeyPem, 'RS256');
  return new SignJWT(JSON.parse(JSON.stringify(payload)))
    .setProtectedHeader(JSON.parse(JSON.stringify({ alg: 'RS256', typ: 'JWT', kid: privateKeyId, ...header })))
    .sign(key);
};

/** Asks the token endpoint; by default as a library would. */
export const postToken = async (
  handler: FetchHandler,
  form: Readonly<Record<string, string>>,
  url = 'https://oauth2.googleapis.com/token',
) => {
  const response = await handler(new Request(url, { method: 'POST', body: new URLSearchParams(form) }));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** An access token for a scope. */
export const takeToken = async (
  { handler, credential }: Awaited<ReturnType<typeof createGoogle>>,
  scope = CLOUD_PLATFORM,
): Promise<string> => {
  const assertion = await signAssertion(credential, { claims: { scope } });
  const { body } = await postToken(handler('oauth2'), { grant_type: JWT_BEARER, assertion });
  return String(body.access_token);
};
