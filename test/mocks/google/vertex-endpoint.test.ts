import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import { createGoogle, ENDPOINT, REGIONS, signAssertion, takeToken } from '../../support/google.ts';
import { rowLabelled } from '../../support/model.ts';

type Google = Awaited<ReturnType<typeof createGoogle>>;

let google: Google;
let token: string;

interface Asked {
  readonly body?: BodyInit;
  readonly verb?: string;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ask = (asked: Asked = {}, of: Google = google) => {
  const { body = JSON.stringify({ instances: [rowLabelled(7)] }), verb = 'predict', version = 'v1', headers = {} } = asked;
  const url = `http://127.0.0.1:1/${version}/projects/${of.projectId}/locations/us-central1/endpoints/${ENDPOINT}:${verb}`;
  return of.handler(
    'aiplatform',
    'us-central1',
  )(
    new Request(url, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    }),
  );
};

interface GoogleErrorBody {
  readonly error: {
    readonly code: number;
    readonly status: string;
    readonly message: string;
    readonly details?: readonly object[];
  };
}

const errorOf = async (response: Promise<Response>) => ((await (await response).json()) as GoogleErrorBody).error;

const ERROR_INFO = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', domain: 'googleapis.com' };
const METADATA = { service: 'aiplatform.googleapis.com', method: 'google.cloud.aiplatform.v1.PredictionService.Predict' };

beforeEach(async () => {
  google = await createGoogle();
  token = await takeToken(google);
});

afterEach(() => {
  vi.useRealTimers();
});

describe('given a token that opens the API', () => {
  it.each(['v1', 'v1beta1'])('when %s predicts, then predictions and the model come', async (version) => {
    const response = await ask({ version });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      predictions: [{ label: 7, probabilities: expect.any(Array) }],
      deployedModelId: expect.stringMatching(/^\d{19}$/),
      model: expect.stringMatching(/^projects\/\d{12}\/locations\/us-central1\/models\/\d{19}$/),
      modelDisplayName: 'digits',
      modelVersionId: '1',
    });
  });

  it('when it predicts raw, then the body is the model server’s own and headers tell what answered', async () => {
    const response = await ask({ verb: 'rawPredict' });
    expect(Object.keys((await response.json()) as object)).toEqual(['predictions']);
    expect(response.headers.get('x-vertex-ai-endpoint-id')).toBe(ENDPOINT);
    expect(response.headers.get('x-vertex-ai-deployed-model-id')).toMatch(/^\d{19}$/);
  });

  it.each([
    ['a row', rowLabelled(3)],
    ['a row keyed by the input', { pixels: rowLabelled(3) }],
    ['a row spelled as an object, as the REST transport of google-gax does', { ...rowLabelled(3) }],
  ])('when the instance is %s, then it is read', async (_form, instance) => {
    const response = await ask({ body: JSON.stringify({ instances: [instance] }) });
    expect(await response.json()).toMatchObject({ predictions: [{ label: 3 }] });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"instances": [['],
    ['a list', '[]'],
    ['null', 'null'],
    ['an unknown field', '{"inputs": []}'],
    ['instances that are no list', '{"instances": {}}'],
    ['no instances', '{}'],
    ['an empty list', '{"instances": []}'],
  ])('when the body is %s, then it is INVALID_ARGUMENT', async (_what, body) => {
    expect(await errorOf(ask({ body }))).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
  });

  it.each([
    ['too short', [1, 2]],
    ['of text', Array.from({ length: 64 }, () => '1')],
    ['a number', 5],
    ['with a gap in its keys', { 0: 1, 2: 1 }],
    ['null', null],
  ])('when a row is %s, then the model refuses it', async (_what, instance) => {
    const error = await errorOf(ask({ body: JSON.stringify({ instances: [instance] }) }));
    expect(error).toMatchObject({
      code: 400,
      status: 'FAILED_PRECONDITION',
      message: expect.stringMatching(/^Prediction failed: /),
    });
  });

  it('when the content type is not JSON, then it is INVALID_ARGUMENT', async () => {
    const response = ask({ headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(await errorOf(response)).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it('when the body is over 1.5 MB and its length is not declared, then it is FAILED_PRECONDITION', async () => {
    const body = JSON.stringify({ instances: [rowLabelled(1)], parameters: 'x'.repeat(1.5 * 1024 * 1024) });
    expect(await errorOf(ask({ body }))).toMatchObject({
      code: 400,
      status: 'FAILED_PRECONDITION',
      message: expect.stringContaining('exceeds 1.500MB limit'),
    });
  });

  it.each(['explain', 'directPredict', 'toString'])('when the verb is %s, then the page is not found', async (verb) => {
    const response = await ask({ verb });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  it('when the model takes over a minute, then it is DEADLINE_EXCEEDED', async () => {
    const stuck: ModelRuntime = { predict: () => new Promise(() => {}) };
    const slow = await createGoogle({ models: stuck, credential: google.credential });
    token = await takeToken(slow);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const error = errorOf(ask({}, slow));
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await error).toMatchObject({ code: 504, status: 'DEADLINE_EXCEEDED' });
  });

  it('when the model breaks, then it is INTERNAL and the cause is not told', async () => {
    const broken: ModelRuntime = { predict: () => Promise.reject(new Error('secret path')) };
    const failing = await createGoogle({ models: broken, credential: google.credential });
    token = await takeToken(failing);
    const error = await errorOf(ask({}, failing));
    expect(error).toEqual({ code: 500, status: 'INTERNAL', message: 'Internal error encountered.' });
  });

  it('when it is answered, then no timer is left', async () => {
    const regions = REGIONS.map((region) => ({ ...region, capacity: { ...region.capacity, serviceTimeMs: 1000 } }));
    const slow = await createGoogle({ regions, credential: google.credential });
    token = await takeToken(slow);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = ask({}, slow);
    // The service time, and the deadline beside it.
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(2));
    await vi.advanceTimersByTimeAsync(1000);
    expect((await answer).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('given the endpoint as a resource', () => {
  const get = (project: string) =>
    google.handler(
      'aiplatform',
      'us-central1',
    )(
      new Request(`http://127.0.0.1:1/v1/projects/${project}/locations/us-central1/endpoints/${ENDPOINT}`, {
        headers: { authorization: `Bearer ${token}` },
      }),
    );

  it('when it is read, then it names its model, and traffic goes to it', async () => {
    const endpoint = (await (await get(google.projectId)).json()) as { deployedModels: { id: string }[]; trafficSplit: object };
    expect(endpoint).toMatchObject({
      name: expect.stringMatching(new RegExp(`^projects/\\d{12}/locations/us-central1/endpoints/${ENDPOINT}$`)),
      deployedModels: [{ displayName: 'digits', dedicatedResources: { machineSpec: { machineType: 'g2-standard-8' } } }],
    });
    expect(endpoint.trafficSplit).toEqual({ [String(endpoint.deployedModels[0]?.id)]: 100 });
  });

  it('when it is read by an unknown caller or in a foreign project, then it is refused', async () => {
    expect(await errorOf(get('someone-elses'))).toMatchObject({
      details: [{ reason: 'IAM_PERMISSION_DENIED', metadata: { permission: 'aiplatform.endpoints.get' } }],
    });
    token = 'ya29.none';
    expect(await errorOf(get(google.projectId))).toMatchObject({
      details: [{ metadata: { method: 'google.cloud.aiplatform.v1.EndpointService.GetEndpoint' } }],
    });
  });
});

describe('given a token that does not open the API', () => {
  it.each(['', 'Basic dTpw', 'Bearer'])('when the header is %j, then CREDENTIALS_MISSING', async (authorization) => {
    const response = await ask({ headers: { authorization } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="https://accounts.google.com/"');
    expect(((await response.json()) as GoogleErrorBody).error).toMatchObject({
      status: 'UNAUTHENTICATED',
      details: [{ ...ERROR_INFO, reason: 'CREDENTIALS_MISSING', metadata: METADATA }],
    });
  });

  it.each([
    ['ya29.c.unknown', 'ACCESS_TOKEN_EXPIRED'],
    ['abc', 'ACCESS_TOKEN_TYPE_UNSUPPORTED'],
    ['a.b.c', 'ACCESS_TOKEN_TYPE_UNSUPPORTED'],
  ])('when it is %s, then %s', async (bearer, reason) => {
    const response = await ask({ headers: { authorization: `Bearer ${bearer}` } });
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(((await response.json()) as GoogleErrorBody).error).toMatchObject({ code: 401, details: [{ ...ERROR_INFO, reason }] });
  });

  it('when its scope is another, then ACCESS_TOKEN_SCOPE_INSUFFICIENT', async () => {
    token = await takeToken(google, 'https://www.googleapis.com/auth/devstorage.read_only');
    const response = await ask();
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(((await response.json()) as GoogleErrorBody).error).toMatchObject({
      status: 'PERMISSION_DENIED',
      details: [{ ...ERROR_INFO, reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', metadata: METADATA }],
    });
  });

  it('when the account signed it itself with too narrow a scope, then ACCESS_TOKEN_SCOPE_INSUFFICIENT', async () => {
    const sub = google.credential.clientEmail;
    token = await signAssertion(google.credential, {
      claims: { sub, aud: undefined, scope: 'https://www.googleapis.com/auth/pubsub' },
    });
    expect(await errorOf(ask())).toMatchObject({ details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] });
  });

  it('when it is an assertion meant for the token endpoint, then it does not open the API', async () => {
    token = await signAssertion(google.credential, { claims: { sub: google.credential.clientEmail, scope: undefined } });
    expect(await errorOf(ask())).toMatchObject({ details: [{ reason: 'JWT_TOKEN_INVALID' }] });
  });

  it.each([
    ['its own host', 'https://aiplatform.googleapis.com/', 200],
    [
      'a regional host, with the proto service',
      'https://northamerica-northeast1-aiplatform.googleapis.com/google.cloud.aiplatform.v1.PredictionService',
      200,
    ],
    ['a name that only ends alike', 'https://evil-aiplatform.googleapis.com/', 401],
    ['a region that only begins alike', 'https://us-central1-evil-aiplatform.googleapis.com/', 401],
    ["another API's host", 'https://us-central1-vision.googleapis.com/', 401],
    ['its host without TLS', 'http://aiplatform.googleapis.com/', 401],
  ])('when the account signed it itself for %s, then %s is answered with %i', async (_, aud, status) => {
    token = await signAssertion(google.credential, { claims: { sub: google.credential.clientEmail, aud, scope: undefined } });
    expect((await ask()).status).toBe(status);
  });

  it('when tokens were expired, then a self-signed one of before is refused and a later one taken', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const claims = { sub: google.credential.clientEmail, aud: undefined };
    token = await signAssertion(google.credential, { claims });
    expect((await ask()).status).toBe(200);

    await google.emulator.control({ type: 'expire-tokens' });
    expect(await errorOf(ask())).toMatchObject({ details: [{ reason: 'ACCESS_TOKEN_EXPIRED' }] });

    vi.setSystemTime(Date.now() + 1000);
    token = await signAssertion(google.credential, { claims });
    expect((await ask()).status).toBe(200);
  });

  it.each([
    [
      'its key is revoked',
      'JWT_TOKEN_INVALID',
      () => google.emulator.control({ type: 'revoke-credential', replacementAfterMs: 0 }),
    ],
    ['its hour and the skew are over', 'ACCESS_TOKEN_EXPIRED', () => vi.setSystemTime(Date.now() + 3_901_000)],
  ] as const)('when the account signed it itself and it has opened the API, then it does not once %s', async (_, reason, end) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    token = await signAssertion(google.credential, { claims: { sub: google.credential.clientEmail, aud: undefined } });
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(200);
    await end();
    expect(await errorOf(ask())).toMatchObject({ details: [{ reason }] });
  });
});
