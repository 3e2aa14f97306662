import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelinePolicy,
  RestError,
} from '@azure/core-rest-pipeline';
import { AuthenticationRequiredError, ClientAssertionCredential, ClientSecretCredential } from '@azure/identity';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadSamples } from '../../harness/load/samples.ts';
import { createOnnxRuntime } from '../../harness/world/live/onnx-runtime.ts';
import type { AzureCredential } from '../../mocks/azure/credential.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { type AzureOptions, DEPLOYMENT, EAST, ML_SCOPE, mountAzure, WEST_EUROPE } from '../support/azure.ts';

/** The SDK repeats requests by itself; a test of an error shape wants the first answer. */
const NO_RETRIES = { maxRetries: 0 };

type Emulated = Awaited<ReturnType<typeof mountAzure>>;

let models: ModelRuntime;
beforeAll(async () => {
  models = await createOnnxRuntime(['digits']);
});

const mounted: Emulated[] = [];
const given = async (options: AzureOptions = {}): Promise<Emulated> => {
  const emulated = await mountAzure({ models, ...options });
  mounted.push(emulated);
  return emulated;
};
afterEach(async () => {
  await Promise.all(mounted.splice(0).map((emulated) => emulated.close()));
});

/** Where Entra is and whom to trust: the SDK's own options. */
const clientOptions = (emulated: Emulated) => ({
  authorityHost: emulated.origin('entra'),
  disableInstanceDiscovery: true,
  retryOptions: NO_RETRIES,
  tlsOptions: emulated.tlsOptions,
});

/** Azure's own credential, unmodified. */
const signIn = (emulated: Emulated, parts: Partial<Omit<AzureCredential, 'provider'>> = {}): ClientSecretCredential => {
  const { tenantId, clientId, clientSecret } = { ...emulated.credential, ...parts };
  return new ClientSecretCredential(tenantId, clientId, clientSecret, clientOptions(emulated));
};

/** Turns an answer that is no success into the error that Azure's generated clients throw. */
const throwOnFailure: PipelinePolicy = {
  name: 'throwOnFailure',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status < 300) return response;
    throw new RestError(`answered ${response.status}`, { statusCode: response.status, request, response });
  },
};

interface ScoreOptions {
  readonly region?: string;
  /** The key of the endpoint, instead of an Entra token. */
  readonly key?: string;
  readonly credential?: ClientSecretCredential;
  readonly scope?: string;
  readonly deployment?: string;
  readonly body?: string;
}

const digits = loadSamples('digits').slice(0, 5);
const DIGITS_BODY = JSON.stringify({ input_data: digits.map(({ pixels }) => pixels) });

/** A scoring request through Azure's own pipeline: its credential policy, its transport. */
const score = async (emulated: Emulated, options: ScoreOptions = {}) => {
  const { region = EAST, key, scope = ML_SCOPE, deployment, body = DIGITS_BODY } = options;
  const pipeline = createPipelineFromOptions({ retryOptions: NO_RETRIES, tlsOptions: emulated.tlsOptions });
  pipeline.addPolicy(throwOnFailure);
  if (!key) {
    const credential = options.credential ?? signIn(emulated);
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  }
  return pipeline.sendRequest(
    createDefaultHttpClient(),
    createPipelineRequest({
      url: `${emulated.origin('ml-online-endpoint', region)}/score`,
      method: 'POST',
      headers: createHttpHeaders({
        'content-type': 'application/json',
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...(deployment ? { 'azureml-model-deployment': deployment } : {}),
      }),
      body,
    }),
  );
};

/** What a call that must fail throws. */
const failureOf = async (call: Promise<unknown>): Promise<unknown> => {
  const outcome = await call.then(
    () => 'no error was thrown',
    (error: unknown) => error,
  );
  return outcome;
};

const refusedScore = async (emulated: Emulated, options: ScoreOptions = {}) => {
  const error = await failureOf(score(emulated, options));
  expect(error).toBeInstanceOf(RestError);
  const { statusCode, response } = error as RestError;
  return { statusCode, body: response?.bodyAsText, headers: response?.headers.toJSON() ?? {} };
};

const labelsOf = (bodyAsText: string | null | undefined) =>
  (JSON.parse(bodyAsText ?? '') as { label: number; probabilities: number[] }[]).map(({ label }) => label);

describe('a workload with a good credential', () => {
  test.each([EAST, WEST_EUROPE])('scores in %s with an Entra token', async (region) => {
    const response = await score(await given(), { region });
    expect(response.status).toBe(200);
    expect(labelsOf(response.bodyAsText)).toEqual(digits.map(({ label }) => label));
    expect(response.headers.get('azureml-model-deployment')).toBe(DEPLOYMENT);
    expect(response.headers.get('x-ms-client-request-id')).toBe(response.request.requestId);
  });

  test('scores with the key of the endpoint', async () => {
    const emulated = await given();
    const response = await score(emulated, { key: emulated.credential.endpointKey, deployment: DEPLOYMENT });
    expect(labelsOf(response.bodyAsText)).toHaveLength(digits.length);
  });

  test('holds a token for about an hour, and gets it from a cache the second time', async () => {
    const credential = signIn(await given());
    const first = await credential.getToken(ML_SCOPE);
    const leftMs = first.expiresOnTimestamp - Date.now();
    expect(leftMs).toBeGreaterThan(3_590_000);
    // The SDK counts from the start of the second.
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
    expect(await credential.getToken(ML_SCOPE)).toEqual(first);
  });

  test('finds each region at an origin of its own, metered by itself', async () => {
    const emulated = await given();
    expect(emulated.origin('ml-online-endpoint', EAST)).not.toBe(emulated.origin('ml-online-endpoint', WEST_EUROPE));
    await score(emulated, { region: WEST_EUROPE });
    expect(emulated.emulator.usage().map(({ region, predictions }) => [region, predictions])).toEqual([
      [EAST, 0],
      [WEST_EUROPE, digits.length],
    ]);
  });
});

describe('Entra refuses, and the SDK says why', () => {
  const cases = [
    ['a wrong secret', { clientSecret: 'aaa8Q~wrong' }, 'AADSTS7000215: Invalid client secret provided.'],
    ['an unknown application', { clientId: '00000000-0000-4000-8000-000000000000' }, 'AADSTS700016: Application with identifier'],
  ] as const;
  test.each(cases)('%s', async (_what, parts, code) => {
    const error = await failureOf(signIn(await given(), parts).getToken(ML_SCOPE));
    expect(error).toBeInstanceOf(AuthenticationRequiredError);
    expect((error as Error).message).toContain(code);
  });

  test('a secret that was revoked as expired, until the replacement is read', async () => {
    const emulated = await given();
    const stale = signIn(emulated);
    await emulated.emulator.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    const error = await failureOf(stale.getToken(ML_SCOPE));
    expect(error).toBeInstanceOf(AuthenticationRequiredError);
    expect((error as Error).message).toContain('AADSTS7000222: The provided client secret keys for app');
    const { tenantId, clientId, clientSecret } = await emulated.readCredential();
    const fresh = signIn(emulated, { tenantId, clientId, clientSecret });
    expect((await score(emulated, { credential: fresh })).status).toBe(200);
  });

  test('an unknown tenant, at discovery', async () => {
    const emulated = await given();
    const error = await failureOf(signIn(emulated, { tenantId: '00000000-0000-4000-8000-000000000000' }).getToken(ML_SCOPE));
    expect(error).toBeInstanceOf(Error);
    expect(`${error}`).toMatch(/openid_config_error|endpoints_resolution_error/);
  });

  test('a scope that is not the default of a resource', async () => {
    const error = await failureOf(signIn(await given()).getToken('https://ml.azure.com/user_impersonation'));
    expect((error as Error).message).toContain('AADSTS1002012');
  });

  test('a client assertion, for the application has no certificate', async () => {
    const emulated = await given();
    const { tenantId, clientId } = emulated.credential;
    const credential = new ClientAssertionCredential(tenantId, clientId, async () => 'a.b.c', clientOptions(emulated));
    const error = await failureOf(credential.getToken(ML_SCOPE));
    expect((error as Error).message).toContain('AADSTS700027');
  });

  test('nothing that says so repeats the secret', async () => {
    const error = await failureOf(signIn(await given(), { clientSecret: 'aaa8Q~wrong' }).getToken(ML_SCOPE));
    expect(JSON.stringify(error) + String(error)).not.toContain('aaa8Q~wrong');
  });
});

describe('the online endpoint refuses, and the SDK throws a RestError', () => {
  test('401 for a token that has expired, in every region; a new one is good', async () => {
    const emulated = await given();
    const held = signIn(emulated);
    await score(emulated, { credential: held });
    await emulated.emulator.control({ type: 'expire-tokens' });
    for (const region of [EAST, WEST_EUROPE]) {
      expect(await refusedScore(emulated, { credential: held, region })).toMatchObject({
        statusCode: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token", error_description="expired"' },
      });
    }
    expect((await score(emulated)).status).toBe(200);
  });

  test('401 for a token with another audience', async () => {
    const refusal = await refusedScore(await given(), { scope: 'https://management.azure.com/.default' });
    expect(refusal).toMatchObject({
      statusCode: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token", error_description="wrong audience"' },
    });
  });

  test('401 for a token whose secret has been revoked, and for the key', async () => {
    const emulated = await given();
    const held = signIn(emulated);
    await score(emulated, { credential: held });
    await emulated.emulator.control({ type: 'revoke-credential', replacementAfterMs: null });
    expect(await refusedScore(emulated, { credential: held })).toMatchObject({ statusCode: 401 });
    expect(await refusedScore(emulated, { key: emulated.credential.endpointKey })).toMatchObject({
      statusCode: 401,
      body: 'key_auth_access_denied',
    });
  });

  test('401 for a key of another endpoint', async () => {
    const [emulated, other] = [await given(), await given()];
    expect(await refusedScore(emulated, { key: other.credential.endpointKey })).toMatchObject({ statusCode: 401 });
  });

  test('404 for a deployment that the endpoint has not', async () => {
    expect(await refusedScore(await given(), { deployment: 'green' })).toMatchObject({ statusCode: 404 });
  });

  test('424 for input that the model does not take, with the status of its container', async () => {
    for (const body of ['{', '{"input_data":[[1,2,3]]}', '{"data":[]}']) {
      expect(await refusedScore(await given(), { body })).toMatchObject({
        statusCode: 424,
        headers: { 'ms-azureml-model-error-reason': 'model_error', 'ms-azureml-model-error-statuscode': '400' },
      });
    }
  });

  test('429 above the quota of a region, until it is lifted; the other region goes on', async () => {
    const emulated = await given();
    const key = emulated.credential.endpointKey;
    await emulated.emulator.control({ type: 'set-quota', region: EAST, service: 'ml-online-endpoint', requestsPerS: 0.001 });
    expect((await score(emulated, { key })).status).toBe(200);
    expect(await refusedScore(emulated, { key })).toMatchObject({ statusCode: 429 });
    expect((await score(emulated, { key, region: WEST_EUROPE })).status).toBe(200);
    await emulated.emulator.control({ type: 'set-quota', region: EAST, service: 'ml-online-endpoint', requestsPerS: null });
    expect((await score(emulated, { key })).status).toBe(200);
  });

  test('429 when slots and queue are taken', async () => {
    const emulated = await given({ capacity: { serviceTimeMs: 300, concurrency: 1, queueLimit: 0 } });
    const key = emulated.credential.endpointKey;
    const outcomes = await Promise.all([1, 2, 3].map(() => failureOf(score(emulated, { key }))));
    const refused = outcomes.filter((outcome) => outcome instanceof RestError);
    expect(refused).toHaveLength(2);
    for (const { statusCode, response } of refused) {
      expect(statusCode).toBe(429);
      expect(response?.headers.get('ms-azureml-model-error-reason')).toBe('too_many_pending_request');
    }
  });
});
