import { helpers, PredictionServiceClient, type protos } from '@google-cloud/aiplatform';
import { type AuthClient, GoogleAuth, JWTAccess, OAuth2Client } from 'google-auth-library';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadSamples } from '../../harness/load/samples.ts';
import { createOnnxRuntime } from '../../harness/world/live/onnx-runtime.ts';
import { mintCredential, mintKey } from '../../mocks/google/credential.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';

import {
  CLOUD_PLATFORM,
  createAuth,
  createJwt,
  createSelfSigningAuth,
  createTransporter,
  ENDPOINT,
  mountGoogle,
  REGIONS,
} from '../support/google.ts';
import { stubModels } from '../support/model.ts';

type Mounted = Awaited<ReturnType<typeof mountGoogle>>;

/** google.rpc.Code as gRPC numbers it. */
const CODE = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNAUTHENTICATED: 16,
};

const samples = loadSamples('digits').slice(0, 20);

let models: ModelRuntime;
let emulated: Mounted;
const clients: PredictionServiceClient[] = [];

const createClient = (auth: GoogleAuth, of: Mounted = emulated, region = 'us-central1'): PredictionServiceClient => {
  const client = new PredictionServiceClient({
    auth: auth as never,
    apiEndpoint: '127.0.0.1',
    port: of.port('aiplatform', region),
    protocol: 'http',
    fallback: 'rest' as never,
  });
  clients.push(client);
  return client;
};

const authFor = (of: Mounted = emulated, scopes?: readonly string[]) =>
  createAuth(of.credential, { tokenOrigin: of.origin('oauth2'), ...(scopes ? { scopes } : {}) });

const bearer = (token: string): GoogleAuth => {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: token, expiry_date: Date.now() + 86_400_000 });
  return new GoogleAuth({ authClient: authClient as AuthClient });
};

/** A token for one audience that the service account signs itself. */
const selfSigned = async (audience: string): Promise<string> => {
  const { clientEmail, privateKeyPem, privateKeyId } = emulated.credential;
  const headers = new JWTAccess(clientEmail, privateKeyPem, privateKeyId).getRequestHeaders(audience);
  return headers.get('authorization')?.replace('Bearer ', '') ?? '';
};

interface Asked {
  readonly project?: string;
  readonly location?: string;
  readonly endpoint?: string;
  readonly instances?: readonly unknown[];
}

const predict = async (client: PredictionServiceClient, asked: Asked = {}) => {
  const { project = emulated.projectId, location = 'us-central1', endpoint = ENDPOINT } = asked;
  const { instances = [samples[0]?.pixels] } = asked;
  const [response] = await client.predict({
    endpoint: `projects/${project}/locations/${location}/endpoints/${endpoint}`,
    instances: instances.map((instance) => helpers.toValue(instance as object) as protos.google.protobuf.IValue),
  });
  return response;
};

/** What the SDK throws. */
const failure = async (call: Promise<unknown>) => {
  const error = (await call.then(
    () => expect.unreachable('the call was answered'),
    (reason: unknown) => reason,
  )) as Error & { code: number; httpStatusCode: number; reason?: string; statusDetails?: readonly object[] };
  return {
    name: error.constructor.name,
    code: error.code,
    http: error.httpStatusCode,
    reason: error.reason,
    message: error.message,
  };
};

beforeAll(async () => {
  models = await createOnnxRuntime(['digits']);
  emulated = await mountGoogle({ models });
});

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

afterAll(() => emulated.close());

describe('given the Vertex AI client with a service account', () => {
  it.each(['us-central1', 'europe-west4'])('when it predicts in %s, then the model of that region answers', async (region) => {
    const client = createClient(authFor(), emulated, region);

    const response = await predict(client, { location: region, instances: samples.map(({ pixels }) => pixels) });

    const labels = response.predictions?.map((value) => (helpers.fromValue(value as never) as { label: number }).label);
    const right = samples.filter(({ label }, index) => labels?.[index] === label).length;
    expect(labels).toHaveLength(samples.length);
    expect(right / samples.length).toBeGreaterThan(0.9);
    expect(response.modelDisplayName).toBe('digits');
    expect(response.model).toContain(`/locations/${region}/models/`);
    expect(response.deployedModelId).toMatch(/^\d{19}$/);
  });

  it('when it predicts, then each region counts its own', async () => {
    const fresh = await mountGoogle();
    await predict(createClient(authFor(fresh), fresh), { project: fresh.projectId });

    expect(fresh.emulator.usage().map(({ region, predictions }) => [region, predictions])).toEqual([
      ['us-central1', 1],
      ['europe-west4', 0],
    ]);
    await fresh.close();
  });

  it('when it signs its own tokens, as it does by default, then they are taken', async () => {
    const auth = createSelfSigningAuth(emulated.credential);
    const response = await predict(createClient(auth));
    expect(response.predictions).toHaveLength(1);
  });

  it('when it keys the row by the name of the model input, then the model answers', async () => {
    const response = await predict(createClient(authFor()), { instances: [{ pixels: samples[0]?.pixels }] });
    expect(response.predictions).toHaveLength(1);
  });

  it('when it signs its own tokens for the audience of the API, then they are taken', async () => {
    const token = await selfSigned('https://us-central1-aiplatform.googleapis.com/');
    await expect(predict(createClient(bearer(token)))).resolves.toBeDefined();
  });

  it('when its own token names another API, then it is UNAUTHENTICATED', async () => {
    const token = await selfSigned('https://pubsub.googleapis.com/');
    expect(await failure(predict(createClient(bearer(token))))).toMatchObject({
      code: CODE.UNAUTHENTICATED,
      reason: 'JWT_TOKEN_INVALID',
    });
  });

  it('when the request names another project, then it is PERMISSION_DENIED', async () => {
    expect(await failure(predict(createClient(authFor()), { project: 'someone-elses' }))).toMatchObject({
      name: 'GoogleError',
      code: CODE.PERMISSION_DENIED,
      http: 403,
      reason: 'IAM_PERMISSION_DENIED',
      message: expect.stringContaining("'aiplatform.endpoints.predict' denied"),
    });
  });

  it('when the request names an endpoint that is not there, then it is NOT_FOUND', async () => {
    expect(await failure(predict(createClient(authFor()), { endpoint: '123' }))).toMatchObject({
      name: 'GoogleError',
      code: CODE.NOT_FOUND,
      http: 404,
      message: expect.stringMatching(/^Endpoint `projects\/\d{12}\/locations\/us-central1\/endpoints\/123` not found\.$/),
    });
  });

  it("when the request names another region than the host's, then it is INVALID_ARGUMENT", async () => {
    expect(await failure(predict(createClient(authFor()), { location: 'europe-west4' }))).toMatchObject({
      name: 'GoogleError',
      code: CODE.INVALID_ARGUMENT,
      http: 400,
      message: expect.stringContaining('The valid location ID is `us-central1`'),
    });
  });

  it.each([
    ['no instance', [], 'INVALID_ARGUMENT'],
    ['a row too short', [[1, 2, 3]], 'FAILED_PRECONDITION'],
    ['a struct that the model does not know', [{ image: [1] }], 'FAILED_PRECONDITION'],
  ] as const)('when it sends %s, then it is refused', async (_what, instances, status) => {
    expect(await failure(predict(createClient(authFor()), { instances }))).toMatchObject({
      name: 'GoogleError',
      code: CODE[status],
      http: 400,
    });
  });

  it('when it sends more than 1.5 MB, then it is FAILED_PRECONDITION', async () => {
    const instances = Array.from({ length: 6000 }, () => Array.from({ length: 64 }, () => 12.5));
    expect(await failure(predict(createClient(authFor()), { instances }))).toMatchObject({
      code: CODE.FAILED_PRECONDITION,
      http: 400,
      message: expect.stringMatching(/^The request size \(\d+ bytes\) exceeds 1\.500MB limit\.$/),
    });
  });
});

describe('given credentials that are not right', () => {
  it('when another key signs the assertion, then no token is had', async () => {
    const { projectId, clientEmail, privateKeyId } = emulated.credential;
    const forged = { ...(await mintKey(projectId, clientEmail)), privateKeyId };
    const tokenOrigin = emulated.origin('oauth2');

    await expect(createJwt(forged, { tokenOrigin }).authorize()).rejects.toMatchObject({
      status: 400,
      message: 'invalid_grant: Invalid JWT Signature.',
    });
    expect(await failure(predict(createClient(createAuth(forged, { tokenOrigin }))))).toMatchObject({
      name: 'GoogleError',
      http: 400,
      message: expect.stringContaining('Invalid JWT Signature.'),
    });
  });

  it('when another key signs the token itself, then it is UNAUTHENTICATED', async () => {
    const forged = await mintKey(emulated.projectId, emulated.credential.clientEmail);
    const auth = createSelfSigningAuth(forged);
    expect(await failure(predict(createClient(auth)))).toMatchObject({
      name: 'GoogleError',
      code: CODE.UNAUTHENTICATED,
      http: 401,
      reason: 'JWT_TOKEN_INVALID',
    });
  });

  it('when an unknown account asks, then the account is not found', async () => {
    const jwt = createJwt(await mintCredential(), { tokenOrigin: emulated.origin('oauth2') });
    await expect(jwt.authorize()).rejects.toMatchObject({ message: 'invalid_grant: Invalid grant: account not found' });
  });

  it("when the workload's clock is two hours behind, then no token is had", async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 2 * 3_600_000 });
    const late = createJwt(emulated.credential, { tokenOrigin: emulated.origin('oauth2') });
    // The assertion is signed in the past and read at the present.
    late.transporter.interceptors.request.add({
      resolved: async (config) => {
        vi.useRealTimers();
        return config;
      },
    });
    await expect(late.authorize()).rejects.toMatchObject({
      message: expect.stringContaining('Token must be a short-lived token (60 minutes) and in a reasonable timeframe'),
    });
  });

  it('when no token is sent, then it is UNAUTHENTICATED with CREDENTIALS_MISSING', async () => {
    const url = `${emulated.origin('aiplatform', 'us-central1')}/v1/projects/p/locations/us-central1/endpoints/1:predict`;
    const request = new OAuth2Client({ transporter: createTransporter(emulated.origin('oauth2')) }).transporter.request({
      method: 'POST',
      url,
      data: { instances: [] },
    });
    await expect(request).rejects.toMatchObject({ status: 401, response: { data: { error: { status: 'UNAUTHENTICATED' } } } });
  });

  it('when the token has expired, then it is UNAUTHENTICATED, and a new one can be had', async () => {
    const of = await mountGoogle();
    const jwt = createJwt(of.credential, { tokenOrigin: of.origin('oauth2') });
    const { access_token: token } = await jwt.authorize();
    expect(token).toMatch(/^ya29\./);
    await predict(createClient(bearer(token ?? ''), of), { project: of.projectId });

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    expect(await failure(predict(createClient(bearer(token ?? ''), of), { project: of.projectId }))).toMatchObject({
      name: 'GoogleError',
      code: CODE.UNAUTHENTICATED,
      http: 401,
      reason: 'ACCESS_TOKEN_EXPIRED',
    });
    await expect(predict(createClient(authFor(of), of), { project: of.projectId })).resolves.toBeDefined();
    await of.close();
  });

  it('when tokens are expired by control, then the cached one fails and the next one works', async () => {
    const of = await mountGoogle();
    const client = createClient(authFor(of), of);
    await predict(client, { project: of.projectId });

    await of.emulator.control({ type: 'expire-tokens' });

    expect(await failure(predict(client, { project: of.projectId }))).toMatchObject({
      code: CODE.UNAUTHENTICATED,
      reason: 'ACCESS_TOKEN_EXPIRED',
    });
    await expect(predict(createClient(authFor(of), of), { project: of.projectId })).resolves.toBeDefined();
    await of.close();
  });

  it('when the key is revoked, then its token and its assertions are refused until the replacement is taken', async () => {
    const of = await mountGoogle();
    const client = createClient(authFor(of), of);
    await predict(client, { project: of.projectId });

    await of.emulator.control({ type: 'revoke-credential', replacementAfterMs: 0 });

    expect(await failure(predict(client, { project: of.projectId }))).toMatchObject({ code: CODE.UNAUTHENTICATED, http: 401 });
    expect(await failure(predict(createClient(authFor(of), of), { project: of.projectId }))).toMatchObject({
      message: expect.stringContaining('Invalid JWT Signature.'),
    });
    const replacement = await of.readCredential();
    expect(replacement.privateKeyId).not.toBe(of.credential.privateKeyId);
    const auth = createAuth(replacement, { tokenOrigin: of.origin('oauth2') });
    await expect(predict(createClient(auth, of), { project: of.projectId })).resolves.toBeDefined();
    await of.close();
  });

  it('when the scope does not cover the API, then it is PERMISSION_DENIED', async () => {
    const scopes = ['https://www.googleapis.com/auth/devstorage.read_only'];
    expect(await failure(predict(createClient(authFor(emulated, scopes))))).toMatchObject({
      name: 'GoogleError',
      code: CODE.PERMISSION_DENIED,
      http: 403,
      reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    });
  });

  it('when no scope is asked for, then no token is had', async () => {
    const jwt = createJwt(emulated.credential, { tokenOrigin: emulated.origin('oauth2'), scopes: [] });
    await expect(jwt.authorize()).rejects.toMatchObject({
      message: 'invalid_scope: Invalid OAuth scope or ID token audience provided.',
    });
  });

  it('when an identity token is asked for, then Vertex AI does not take it for an access token', async () => {
    const jwt = createJwt(emulated.credential, { tokenOrigin: emulated.origin('oauth2') });
    const idToken = await jwt.fetchIdToken('https://example.com');
    expect(await failure(predict(createClient(bearer(idToken))))).toMatchObject({
      code: CODE.UNAUTHENTICATED,
      reason: 'ACCESS_TOKEN_TYPE_UNSUPPORTED',
    });
  });

  it('when a token is asked about and given back, then it says its scope and is refused after', async () => {
    const jwt = createJwt(emulated.credential, { tokenOrigin: emulated.origin('oauth2') });
    const token = (await jwt.authorize()).access_token ?? '';
    expect(await jwt.getTokenInfo(token)).toMatchObject({ scopes: [CLOUD_PLATFORM] });
    await jwt.revokeToken(token);
    expect(await failure(predict(createClient(bearer(token))))).toMatchObject({ reason: 'ACCESS_TOKEN_EXPIRED' });
  });
});

describe('given an endpoint that takes no more', () => {
  it('when the quota is used up, then it is RESOURCE_EXHAUSTED with RATE_LIMIT_EXCEEDED', async () => {
    const of = await mountGoogle();
    const client = createClient(authFor(of), of);
    await of.emulator.control({ type: 'set-quota', region: 'us-central1', service: 'aiplatform', requestsPerS: 0.001 });
    await predict(client, { project: of.projectId });

    expect(await failure(predict(client, { project: of.projectId }))).toMatchObject({
      name: 'GoogleError',
      code: CODE.RESOURCE_EXHAUSTED,
      http: 429,
      reason: 'RATE_LIMIT_EXCEEDED',
    });
    await of.close();
  });

  it('when all slots and queue places are taken, then it is RESOURCE_EXHAUSTED', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const slow: ModelRuntime = { predict: (model, rows) => held.then(() => stubModels.predict(model, rows)) };
    const regions = REGIONS.map((region) => ({ ...region, capacity: { ...region.capacity, concurrency: 1, queueLimit: 0 } }));
    const of = await mountGoogle({ models: slow, regions });
    const client = createClient(authFor(of), of);

    const outcomes = [0, 1].map(() =>
      predict(client, { project: of.projectId }).then(
        () => 'served' as const,
        (error: { code: number; httpStatusCode: number }) => error,
      ),
    );
    // The one that holds the slot cannot end yet: the first to end is the refused one.
    expect(await Promise.race(outcomes)).toMatchObject({ code: CODE.RESOURCE_EXHAUSTED, httpStatusCode: 429 });
    release();
    expect(await Promise.all(outcomes)).toContain('served');
    await of.close();
  });
});
