import fc from 'fast-check';
import { IamTokenManager } from 'ibm-cloud-sdk-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';
import { mount } from '../../../harness/world/live/mount.ts';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import { failureResponse } from '../../../mocks/ibm/errors.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import { codeOf, DALLAS, FRANKFURT, mountIbm, refusal, Scoring, VERSION } from '../../support/ibm.ts';
import { rowLabelled } from '../../support/model.ts';

const samples = loadSamples('digits').slice(0, 20);
const rows = samples.map(({ pixels }) => pixels);
let models: ModelRuntime;

beforeAll(async () => {
  models = await createOnnxRuntime(['digits', 'digits-small']);
});

const tokenOf = ({ account, originOf }: Ibm): Promise<string> =>
  new IamTokenManager({ apikey: account.credential.apikey ?? '', url: originOf('iam') }).getToken();

type Ibm = Awaited<ReturnType<typeof mountIbm>>;

const spaceOf = (ibm: Ibm, region = DALLAS) => ibm.account.spaceIn(region).id;

const readyOf = (ibm: Ibm, region = DALLAS): string => {
  const [id = ''] = ibm.account.spaceIn(region).deployments.keys();
  return id;
};

const assetOf = (ibm: Ibm, name = 'digits', region = DALLAS) => ({
  id: ibm.account.spaceIn(region).models.find((model) => model.name === name)?.id ?? '',
});

describe('@ibm-cloud/watsonx-ai, unmodified', () => {
  test('gets predictions of the real model in each region, with tokens of one IAM', async () => {
    await using ibm = await mountIbm(models);
    const expected = (await models.predict('digits', rows)).map(({ label }) => label);
    for (const region of [DALLAS, FRANKFURT]) {
      const { result } = await ibm.client(region).predict(readyOf(ibm, region), { input_data: [{ id: 'batch', values: rows }] });
      expect(result.predictions).toHaveLength(1);
      expect(result.predictions[0]).toMatchObject({ id: 'batch', fields: ['prediction', 'probability'] });
      expect(result.predictions[0]?.values.map(([label]) => label)).toEqual(expected);
      expect(result.predictions[0]?.values[0]?.[1]).toHaveLength(10);
    }
  });

  test('lists the deployment that is there, and finds it by its serving name', async () => {
    await using ibm = await mountIbm();
    const client = ibm.client();
    const { result } = await client.listDeployments({ spaceId: spaceOf(ibm) });
    expect(result.resources).toMatchObject([
      { metadata: { id: readyOf(ibm), name: 'digits' }, entity: { status: { state: 'ready' } } },
    ]);
    const { result: byName } = await client.predict('digits', { input_data: [{ values: [rowLabelled(7)] }] });
    expect(byName.predictions[0]?.values[0]?.[0]).toBe(7);
    expect((await client.listDeployments({ servingName: 'free', conflict: true })).status).toBe(204);
    expect(await refusal(client.listDeployments({ servingName: 'digits', conflict: true }))).toMatchObject({ status: 409 });
  });

  test('is told the address that a deployment predicts at, which does', async () => {
    await using ibm = await mountIbm();
    const { result } = await ibm.client().getDeployment({ deploymentId: readyOf(ibm), spaceId: spaceOf(ibm) });
    const url = result.entity?.status?.inference?.[0]?.url ?? '';
    expect(new URL(url).origin).toBe(ibm.originOf('watsonx-ai', DALLAS));
    const response = await fetch(`${url}?version=${VERSION}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenOf(ibm)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ input_data: [{ values: [rowLabelled(7)] }] }),
    });
    expect(await response.json()).toMatchObject({ predictions: [{ values: [[7, expect.anything()]] }] });
  });

  test('deploys a stored model, which gets ready in time, is patched, predicts, and is gone when deleted', async () => {
    await using ibm = await mountIbm(models);
    const client = ibm.client();
    const spaceId = spaceOf(ibm);
    const created = await client.createDeployment({ name: 'small', online: {}, spaceId, asset: assetOf(ibm, 'digits-small') });
    expect(created.status).toBe(202);
    expect(created.result.entity?.status?.state).toBe('initializing');
    const deploymentId = created.result.metadata?.id ?? '';
    const input = { input_data: [{ values: rows }] };
    expect(codeOf(await refusal(client.predict(deploymentId, input)))).toBe('deployment_does_not_exist');
    await vi.waitFor(
      async () => {
        const { result } = await client.getDeployment({ deploymentId, spaceId });
        expect(result.entity?.status?.state).toBe('ready');
      },
      { timeout: 10_000, interval: 100 },
    );
    const expected = (await models.predict('digits-small', rows)).map(({ label }) => label);
    const { result: scored } = await client.predict(deploymentId, input);
    expect(scored.predictions[0]?.values.map(([label]) => label)).toEqual(expected);

    await client.updateDeployment({ deploymentId, spaceId, jsonPatch: [{ op: 'replace', path: '/tags', value: ['linear'] }] });
    const { result: tagged } = await client.listDeployments({ spaceId, tagValue: 'linear' });
    expect(tagged.resources?.map(({ metadata }) => metadata?.id)).toEqual([deploymentId]);

    expect((await client.deleteDeployment({ deploymentId, spaceId })).status).toBe(204);
    expect(codeOf(await refusal(client.getDeployment({ deploymentId, spaceId })))).toBe('deployment_does_not_exist');
    expect(codeOf(await refusal(client.predict(deploymentId, input)))).toBe('deployment_does_not_exist');
  });

  test('deploys another model in a deployment, which serves all the while', async () => {
    await using ibm = await mountIbm(models);
    const client = ibm.client();
    const ids = { deploymentId: readyOf(ibm), spaceId: spaceOf(ibm) };
    const jsonPatch = [{ op: 'replace', path: '/asset', value: assetOf(ibm, 'digits-small') }];
    const patched = await client.updateDeployment({ ...ids, jsonPatch });
    expect(patched).toMatchObject({ status: 202, result: { entity: { status: { state: 'updating' } } } });
    const expected = (await models.predict('digits-small', rows)).map(({ label }) => label);
    const { result: scored } = await client.predict('digits', { input_data: [{ values: rows }] });
    expect(scored.predictions[0]?.values.map(([label]) => label)).toEqual(expected);
    await vi.waitFor(async () => expect((await client.getDeployment(ids)).result.entity?.status?.state).toBe('ready'), {
      timeout: 10_000,
      interval: 100,
    });
  });

  test('keeps what is deployed in one region there', async () => {
    await using ibm = await mountIbm();
    await ibm.client().createDeployment({ name: 'here', online: {}, spaceId: spaceOf(ibm), asset: assetOf(ibm) });
    const there = await ibm.client(FRANKFURT).listDeployments({ spaceId: spaceOf(ibm, FRANKFURT) });
    expect(there.result.resources).toHaveLength(1);
  });

  test('pages through the stored models', async () => {
    await using ibm = await mountIbm();
    const client = ibm.client();
    const spaceId = spaceOf(ibm);
    const { result: first } = await client.listModels({ spaceId, limit: 1 });
    const start = new URL(first.next?.href ?? '').searchParams.get('start') ?? '';
    const { result: second } = await client.listModels({ spaceId, limit: 1, start });
    expect([...(first.resources ?? []), ...(second.resources ?? [])].map(({ metadata }) => metadata.name)).toEqual([
      'digits',
      'digits-small',
    ]);
    expect(second.next).toBeUndefined();
    const { result: model } = await client.getModel({ spaceId, modelId: assetOf(ibm).id });
    expect(model.metadata.name).toBe('digits');
  });
});

describe('refused callers see the error that watsonx.ai gives', () => {
  test('a forged token, whatever is forged in it', async () => {
    await using ibm = await mountIbm();
    const { token } = await ibm.account.tokens.issue(ibm.account, 'urn:ibm:params:oauth:grant-type:apikey');
    await ibm.clientWith(token).predict('digits', { input_data: [{ values: [rowLabelled(1)] }] });
    const [header, payload, signature] = token.split('.');
    for (const forged of [
      `${header}.${payload}.AAAA`,
      `${header}.${payload?.replace(/.$/, '')}.${signature}`,
      'opaque',
      `${token}=`,
    ]) {
      const error = await refusal(ibm.clientWith(forged).predict('digits', { input_data: [] }));
      expect(error).toMatchObject({ status: 401, message: 'Access is denied due to invalid credentials.' });
      expect(codeOf(error)).toBe('authentication_token_not_valid');
      expect(JSON.stringify(error.result)).not.toContain(forged);
    }
  });

  test('a token that was expired, until the client asks for another', async () => {
    await using ibm = await mountIbm();
    const old = ibm.client();
    const call = { input_data: [{ values: [rowLabelled(2)] }] };
    await old.predict('digits', call);
    await ibm.account.control({ type: 'expire-tokens' });
    expect(codeOf(await refusal(old.predict('digits', call)))).toBe('authentication_token_expired');
    expect((await ibm.client().predict('digits', call)).result.predictions[0]?.values[0]?.[0]).toBe(2);
  });

  test('a token of a key that was revoked', async () => {
    await using ibm = await mountIbm();
    const client = ibm.client();
    await client.listModels({ spaceId: spaceOf(ibm) });
    await ibm.account.control({ type: 'revoke-credential', replacementAfterMs: null });
    expect(await refusal(client.listModels({ spaceId: spaceOf(ibm) }))).toMatchObject({ status: 401 });
  });

  test('an operation that was taken from them, and no other', async () => {
    await using ibm = await mountIbm();
    const client = ibm.client();
    await ibm.account.control({ type: 'set-permission', service: 'watsonx-ai', operation: 'CreatePrediction', isAllowed: false });
    const error = await refusal(client.predict('digits', { input_data: [{ values: [rowLabelled(1)] }] }));
    expect(error.status).toBe(403);
    expect(codeOf(error)).toBe('authorization_rejected');
    expect((await client.listDeployments({ spaceId: spaceOf(ibm) })).status).toBe(200);
  });

  test('above their rate in one region', async () => {
    await using ibm = await mountIbm();
    await ibm.account.control({ type: 'set-quota', region: DALLAS, service: 'watsonx-ai', requestsPerS: 0.001 });
    const client = ibm.client();
    await client.listModels({ spaceId: spaceOf(ibm) });
    const error = await refusal(client.listModels({ spaceId: spaceOf(ibm) }));
    expect(error).toMatchObject({ status: 429, result: { trace: expect.stringMatching(/^[0-9a-f]{32}$/) } });
    expect(codeOf(error)).toBe('rate_limit_reached_requests');
    expect((await ibm.client(FRANKFURT).listModels({ spaceId: spaceOf(ibm, FRANKFURT) })).status).toBe(200);
  });

  test('more deployments than the plan has', async () => {
    await using ibm = await mountIbm();
    const deploy = () =>
      ibm.client().createDeployment({ name: 'one more', online: {}, spaceId: spaceOf(ibm), asset: assetOf(ibm) });
    for (let count = 1; count < 5; count += 1) await deploy();
    const error = await refusal(deploy());
    expect(error.status).toBe(403);
    expect(codeOf(error)).toBe('deployments_plan_limit_reached');
  });

  test('a service that is down', async () => {
    await using ibm = await mountIbm();
    const down = await mount(async () => failureResponse('unavailable'));
    const client = new Scoring({ version: VERSION, serviceUrl: down.origin, authenticator: ibm.authenticator() });
    const error = await refusal(client.predict('digits', {}));
    await down.close();
    expect(error.status).toBe(503);
    expect(codeOf(error)).toBe('service_unavailable');
  });
});

describe('requests that cannot be served see the error that watsonx.ai gives', () => {
  test.each([
    ['no input', {}, 'invalid_request_entity'],
    ['input of another type', { input_data: 'rows' }, 'json_type_error'],
    ['no values', { input_data: [{}] }, 'invalid_request_entity'],
    ['values that are no rows', { input_data: [{ values: [1] }] }, 'json_type_error'],
    ['no rows', { input_data: [{ values: [] }] }, 'invalid_request_entity'],
    ['rows that are too short', { input_data: [{ values: [[1, 2]] }] }, 'invalid_request_entity'],
    [
      'rows that do not fit their fields',
      { input_data: [{ fields: ['one'], values: [rowLabelled(1)] }] },
      'invalid_request_entity',
    ],
    ['rows without end', { input_data: [{ values: Array.from({ length: 4097 }, () => [1]) }] }, 'invalid_request_entity'],
  ])('a prediction of %s', async (_, body, code) => {
    await using ibm = await mountIbm(models);
    const error = await refusal(ibm.client().predict('digits', body));
    expect(error.status).toBe(400);
    expect(codeOf(error)).toBe(code);
  });

  test.each([[{}], [{ version: '' }], [{ version: 'latest' }], [{ version: '2024-13-01' }]])('a version of %o', async (query) => {
    await using ibm = await mountIbm();
    const error = await refusal(ibm.client().predict('digits', { input_data: [] }, query as Record<string, string>));
    expect(codeOf(error)).toBe('invalid_input_argument');
  });

  test.each([
    ['no space', { spaceId: undefined }, 'invalid_input_argument'],
    ['another space', { spaceId: crypto.randomUUID() }, 'space_does_not_exist'],
    ['no asset', { asset: undefined }, 'invalid_request_entity'],
    ['a model that is not there', { asset: { id: crypto.randomUUID() } }, 'model_does_not_exist'],
    ['a foundation model', { baseModelId: 'ibm/granite' }, 'invalid_request_entity'],
    ['a name of another type', { name: 5 }, 'json_type_error'],
    ['tags of another type', { tags: 'one' }, 'json_type_error'],
    ['a serving name that is taken', { online: { parameters: { serving_name: 'digits' } } }, 'serving_name_not_available'],
    ['a serving name that cannot be one', { online: { parameters: { serving_name: 'A-B' } } }, 'invalid_request_entity'],
  ])('a deployment with %s', async (_, change, code) => {
    await using ibm = await mountIbm();
    const params = { name: 'one', online: {}, spaceId: spaceOf(ibm), asset: assetOf(ibm), ...change };
    expect(codeOf(await refusal(ibm.client().createDeployment(params as never)))).toBe(code);
  });

  test('a body that is no JSON, another media type, and a path that is not there', async () => {
    await using ibm = await mountIbm();
    const { token: bearer } = await ibm.account.tokens.issue(ibm.account, 'refresh_token');
    const post = (path: string, type: string, body: string) =>
      fetch(`${ibm.originOf('watsonx-ai', DALLAS)}${path}?version=${VERSION}`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': type },
      });
    const path = '/ml/v4/deployments/digits/predictions';
    expect((await post(path, 'application/json', '{')).status).toBe(400);
    expect((await post(path, 'text/plain', '{}')).status).toBe(415);
    expect((await post('/ml/v4/letters', 'application/json', '{}')).status).toBe(404);
  });

  test('a patch that is refused changes nothing', async () => {
    await using ibm = await mountIbm();
    const client = ibm.client();
    const spaceId = spaceOf(ibm);
    const deploymentId = readyOf(ibm);
    await fc.assert(
      fc.asyncProperty(
        fc.record({ op: fc.constantFrom('move', 'test', 'copy'), path: fc.constantFrom('/name', '/tags') }),
        async (refused) => {
          const jsonPatch = [{ op: 'replace', path: '/name', value: 'renamed' }, refused];
          expect(await refusal(client.updateDeployment({ deploymentId, spaceId, jsonPatch }))).toMatchObject({ status: 400 });
          const { result } = await client.getDeployment({ deploymentId, spaceId });
          expect(result.metadata?.name).toBe('digits');
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe('what ibm_watsonx_ai of Python asks beside the JavaScript SDK', () => {
  /** Its calls, as they were seen on the wire: no JavaScript SDK makes them. */
  const connect = async (ibm: Ibm) => {
    const authorization = `Bearer ${await tokenOf(ibm)}`;
    return (service: string, path: string, init: RequestInit = {}) =>
      fetch(`${ibm.originOf(service, DALLAS)}${path}`, {
        ...init,
        headers: { authorization, 'content-type': 'application/json' },
      });
  };

  test('a space is found at the platform by its id, with the runtime that computes for it, and no other is', async () => {
    await using ibm = await mountIbm();
    const call = await connect(ibm);
    const found = await call('dataplatform', `/v2/spaces/${spaceOf(ibm)}`);
    expect(await found.json()).toMatchObject({
      metadata: { id: spaceOf(ibm) },
      entity: { compute: [{ type: 'machine_learning', guid: ibm.account.spaceIn(DALLAS).instanceId }] },
    });
    expect((await call('dataplatform', `/v2/spaces/${spaceOf(ibm, FRANKFURT)}`)).status).toBe(404);
    const listed = await call('dataplatform', `/v2/spaces?version=${VERSION}&space_id=${spaceOf(ibm)}&limit=200`);
    expect(await listed.json()).toMatchObject({ resources: [{ metadata: { id: spaceOf(ibm) } }] });
  });

  test('the software specification of a stored model is one that the platform has', async () => {
    await using ibm = await mountIbm();
    const call = await connect(ibm);
    const { result } = await ibm.client().listModels({ spaceId: spaceOf(ibm) });
    const used = result.resources?.[0]?.entity?.software_spec;
    const listed = await call('dataplatform', `/v2/software_specifications?space_id=${spaceOf(ibm)}`);
    expect(await listed.json()).toMatchObject({ resources: [{ metadata: { asset_id: used?.id, name: used?.name } }] });
    const one = await call('dataplatform', `/v2/software_specifications/${used?.id}`);
    expect(await one.json()).toMatchObject({ metadata: { name: used?.name } });
    expect((await call('dataplatform', '/v2/software_specifications/none')).status).toBe(404);
  });

  test('a deployment is patched by plain JSON, too', async () => {
    await using ibm = await mountIbm();
    const call = await connect(ibm);
    const patched = await call('watsonx-ai', `/ml/v4/deployments/${readyOf(ibm)}?version=${VERSION}&space_id=${spaceOf(ibm)}`, {
      method: 'PATCH',
      body: JSON.stringify([{ op: 'replace', path: '/name', value: 'other' }]),
    });
    expect(await patched.json()).toMatchObject({ metadata: { name: 'other' } });
  });
});
