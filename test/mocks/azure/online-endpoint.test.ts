import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureResponse } from '../../../mocks/azure/errors.ts';
import { createOnlineEndpoint } from '../../../mocks/azure/online-endpoint.ts';
import { createAppRegistration } from '../../../mocks/azure/registration.ts';
import { parseScoreInput } from '../../../mocks/azure/score-input.ts';
import { createTokenAuthority } from '../../../mocks/azure/tokens.ts';
import type { FailureCondition } from '../../../mocks/control.ts';
import { createInferenceBackend } from '../../../mocks/inference/backend.ts';
import { type AzureOptions, createAzure, DEPLOYMENT, EAST, fetchToken, scoreRequest } from '../../support/azure.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';

const BODY = JSON.stringify({ input_data: [rowLabelled(3), rowLabelled(7)] });

const given = async (options: AzureOptions = {}) => {
  const created = await createAzure({ capacity: { serviceTimeMs: 0 }, ...options });
  const endpoint = created.handler('ml-online-endpoint', EAST);
  const send = (body = BODY, headers: Readonly<Record<string, string | undefined>> = {}) =>
    endpoint(scoreRequest(created.credential.endpointKey, body, headers));
  return { ...created, endpoint, send };
};

const seen = async (response: Response) => ({
  status: response.status,
  reason: response.headers.get('ms-azureml-model-error-reason'),
  containerStatus: response.headers.get('ms-azureml-model-error-statuscode'),
});

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 12) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('scoring', () => {
  test('answers one prediction a row', async () => {
    const { send } = await given();
    const response = await send();
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject([{ label: 3 }, { label: 7 }]);
    expect(response.headers.get('azureml-model-deployment')).toBe(DEPLOYMENT);
    expect(response.headers.get('x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('takes rows with columns and index beside them', async () => {
    const { send } = await given();
    const input_data = { columns: Array.from({ length: 64 }, (_, at) => `p${at}`), index: [0], data: [rowLabelled(5)] };
    expect(await (await send(JSON.stringify({ input_data }))).json()).toMatchObject([{ label: 5 }]);
  });

  const bodies: readonly [what: string, body: string][] = [
    ['no JSON', '{"input_data":'],
    ['null', 'null'],
    ['no input_data', '{"instances":[[1]]}'],
    ['no rows', '{"input_data":[]}'],
    ['a row that is no list', '{"input_data":[1,2]}'],
    ['a value that is no number', '{"input_data":[["1"]]}'],
    ['a row that is too short', '{"input_data":[[1,2,3]]}'],
    ['null for data', '{"input_data":{"data":null}}'],
  ];
  test.each(bodies)('hands on what the container says to %s: 424 for its 400', async (_what, body) => {
    const { send } = await given();
    expect(await seen(await send(body))).toEqual({ status: 424, reason: 'model_error', containerStatus: '400' });
  });

  test('hands on a container that fails: 424 for its 500', async () => {
    const { send } = await given({ models: { predict: () => Promise.reject(new Error('out of memory')) } });
    expect(await seen(await send())).toEqual({ status: 424, reason: 'model_error', containerStatus: '500' });
  });

  test('hands on a container that takes JSON only', async () => {
    const { send } = await given();
    expect(await seen(await send(BODY, { 'content-type': 'text/csv' }))).toMatchObject({ status: 424, containerStatus: '415' });
  });

  test('never throws, whatever the body, and never says 500 for it', async () => {
    vi.useRealTimers();
    const { send } = await given();
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        expect((await send(body)).status).toBe(424);
      }),
    );
  });

  test('refuses a body over the limit before the model sees it', async () => {
    const { send } = await given();
    expect((await send(`{"input_data":[[${'1,'.repeat(800_000)}1]]}`)).status).toBe(413);
  });

  test('leaves no timer behind an answer', async () => {
    const { send } = await given();
    expect((await send()).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gives up on a container after five seconds', async () => {
    const { send } = await given({ capacity: { serviceTimeMs: 60_000 } });
    const answer = send();
    await vi.advanceTimersByTimeAsync(5000);
    expect((await answer).status).toBe(408);
    // The container is still busy with it: that one timer is the work itself.
    expect(vi.getTimerCount()).toBe(1);
  });

  test('counts slots and queue: one more is rejected without a body', async () => {
    const { send } = await given({ capacity: { serviceTimeMs: 100, concurrency: 1, queueLimit: 1 } });
    const answers = Promise.all([send(), send(), send()]);
    await vi.advanceTimersByTimeAsync(200);
    const [first, second, third] = await answers;
    expect([first?.status, second?.status]).toEqual([200, 200]);
    expect(await seen(third as Response)).toMatchObject({ status: 429, reason: 'too_many_pending_request' });
    expect(await third?.text()).toBe('');
  });
});

describe('who may score', () => {
  const headers: readonly [what: string, authorization: string | undefined][] = [
    ['nobody', undefined],
    ['another scheme', 'Basic abc'],
    ['no credential', 'Bearer'],
    ['two credentials', 'Bearer a b'],
  ];
  test.each(headers)('not %s', async (_what, authorization) => {
    const { send } = await given();
    const response = await send(BODY, { authorization });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.text()).toBe('key_auth_bad_header_forbidden');
  });

  test('not a key that differs', async () => {
    const { endpoint, credential } = await given();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'abcXYZ019') }), async (key) => {
        fc.pre(key !== credential.endpointKey && key !== '');
        expect((await endpoint(scoreRequest(key, BODY))).status).toBe(401);
      }),
    );
  });

  test('a token for Azure ML, with either spelling of the audience', async () => {
    const azure = await given();
    for (const scope of ['https://ml.azure.com/.default', 'https://ml.azure.com//.default']) {
      expect((await azure.endpoint(scoreRequest(await fetchToken(azure, scope), BODY))).status).toBe(200);
    }
  });

  test('not a token for another resource', async () => {
    const azure = await given();
    const token = await fetchToken(azure, 'https://management.azure.com/.default');
    const response = await azure.endpoint(scoreRequest(token, BODY));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('wrong audience');
  });

  test('not a token without the permission', async () => {
    const { credential, emulator } = await given();
    expect(emulator.endpoints).toHaveLength(5);
    const authority = await createTokenAuthority(credential.tenantId);
    const region = {
      region: EAST,
      instanceType: 'x',
      instanceUsdPerHour: 1,
      capacity: { serviceTimeMs: 0, serviceTimeSigma: 0, concurrency: 1, queueLimit: 0 },
    };
    const backend = createInferenceBackend('ml-online-endpoint', region, 'digits', stubModels);
    const endpoint = createOnlineEndpoint(backend, DEPLOYMENT, createAppRegistration(credential), authority);
    const grant = { audience: 'https://ml.azure.com', clientId: credential.clientId, objectId: 'o', roles: ['other'] };
    const response = await endpoint(scoreRequest(await authority.issue(grant), BODY));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
  });

  test('anyone may ask whether it lives', async () => {
    const { endpoint } = await given();
    const response = await endpoint(new Request('http://endpoint/'));
    expect([response.status, await response.text()]).toEqual([200, 'Healthy']);
  });
});

describe('what there is', () => {
  test('the deployment that the header names', async () => {
    const { send } = await given();
    expect((await send(BODY, { 'azureml-model-deployment': DEPLOYMENT })).status).toBe(200);
    expect((await send(BODY, { 'azureml-model-deployment': 'green' })).status).toBe(404);
  });

  test('no other path, and no way to learn so without a credential', async () => {
    const { endpoint, credential } = await given();
    const authorization = `Bearer ${credential.endpointKey}`;
    expect((await endpoint(new Request('http://endpoint/other', { headers: { authorization } }))).status).toBe(404);
    expect((await endpoint(new Request('http://endpoint/other'))).status).toBe(401);
  });
});

test.each<[FailureCondition, number]>([
  ['unavailable', 503],
  ['internal', 500],
  ['throttled', 429],
  ['model-error', 424],
])('%s is a %i', (condition, status) => {
  expect(failureResponse(condition).status).toBe(status);
});

test('rows are read as they were written', () => {
  const rows = fc.array(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)), {
    minLength: 1,
  });
  fc.assert(
    fc.property(rows, fc.boolean(), (input, isSplit) => {
      const input_data = isSplit ? { index: input.map((_, at) => at), data: input } : input;
      expect(parseScoreInput(JSON.stringify({ input_data }))).toEqual(input);
    }),
  );
});
