import { PredictionServiceClient } from '@google-cloud/aiplatform';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import { ENDPOINT_ID } from '../../../mocks/google/account.ts';
import { google } from '../../../mocks/google/cloud.ts';
import { authOf, clientOptions, mountGoogleCloud } from '../../support/google-cloud.ts';
import { collect, failureOf, labelOf, rowTensor, tensorLabel } from '../../support/google-predictions.ts';

const samples = loadSamples('digits').slice(0, 8);
const rows = samples.map(({ pixels }) => pixels);
const labels = samples.map(({ label }) => label);

let cloud: Awaited<ReturnType<typeof mountGoogleCloud>>;
const clients: PredictionServiceClient[] = [];

const clientIn = (region: string): PredictionServiceClient => {
  const client = new PredictionServiceClient(clientOptions(cloud.origin('aiplatform', region), cloud.credential));
  clients.push(client);
  return client;
};
const nameIn = (region: string, endpoint = ENDPOINT_ID) =>
  `projects/${cloud.projectId}/locations/${region}/endpoints/${endpoint}`;
const rawBody = () => ({ contentType: 'application/json', data: Buffer.from(JSON.stringify({ instances: rows })) });

beforeAll(async () => {
  cloud = await mountGoogleCloud(await createOnnxRuntime(['digits']));
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await cloud.close();
});

describe.each(google.regions)('given the Vertex AI client over REST in %s', (region) => {
  it('when it streams predictions, then a message comes for each row, from the model', async () => {
    const stream = clientIn(region).serverStreamingPredict({ endpoint: nameIn(region), inputs: rows.map(rowTensor) });
    const messages = await collect(stream);
    expect(messages.map(tensorLabel)).toEqual(labels);
  });

  it('when it sends one tensor of all rows, then they are told apart', async () => {
    const inputs = [{ dtype: 'FLOAT' as const, shape: [rows.length, 64], floatVal: rows.flat() }];
    const messages = await collect(clientIn(region).serverStreamingPredict({ endpoint: nameIn(region), inputs }));
    expect(messages.map(tensorLabel)).toEqual(labels);
  });

  it('when it sends a raw body, then it gets what the container answers', async () => {
    const [answer] = await clientIn(region).rawPredict({ endpoint: nameIn(region), httpBody: rawBody() });
    const { predictions } = JSON.parse(Buffer.from(answer.data as Uint8Array).toString());
    expect(predictions.map(labelOf)).toEqual(labels);
  });

  it('when it streams a raw body, then a line comes for each prediction', async () => {
    const messages = await collect<{ data: Uint8Array }>(
      clientIn(region).streamRawPredict({ endpoint: nameIn(region), httpBody: rawBody() }),
    );
    const lines = messages.map(({ data }) => JSON.parse(Buffer.from(data).toString()));
    expect(lines.map(labelOf)).toEqual(labels);
  });

  it.each([
    ['no input', [], 3],
    ['a row too short', [rowTensor([1, 2, 3])], 9],
    ['values that do not fill the shape', [{ dtype: 'FLOAT' as const, shape: [2, 64], floatVal: rows[0] as number[] }], 9],
    ['text', [{ dtype: 'STRING' as const, shape: [1], stringVal: ['7'] }], 9],
  ])('when it streams %s, then it is refused', async (_what, inputs, code) => {
    const stream = clientIn(region).serverStreamingPredict({ endpoint: nameIn(region), inputs }, { retry: null as never });
    expect(await failureOf(collect(stream))).toMatchObject({ name: 'GoogleError', code });
  });
});

it('when streaming is not allowed and predicting is, then only streaming is PERMISSION_DENIED', async () => {
  const client = clientIn('us-central1');
  const permission = { type: 'set-permission', service: 'aiplatform', operation: 'ServerStreamingPredict' } as const;
  await cloud.account.control({ ...permission, isAllowed: false });
  const stream = () => client.serverStreamingPredict({ endpoint: nameIn('us-central1'), inputs: [rowTensor(rows[0] ?? [])] });
  expect(await failureOf(collect(stream()))).toMatchObject({
    code: 7,
    reason: 'IAM_PERMISSION_DENIED',
    message: expect.stringContaining("'aiplatform.endpoints.predict' denied"),
  });
  await client.rawPredict({ endpoint: nameIn('us-central1'), httpBody: rawBody() });
  await cloud.account.control({ ...permission, isAllowed: true });
  expect(await collect(stream())).toHaveLength(1);
});

it('a token with any one character changed is refused; as it was signed, it is accepted', async () => {
  const headers = await authOf(cloud.credential).getRequestHeaders('https://us-central1-aiplatform.googleapis.com/');
  const token = headers.get('authorization')?.replace('Bearer ', '') ?? '';
  const call = (bearer: string) =>
    cloud.fetch(
      'aiplatform',
      'us-central1',
    )(
      new Request(`https://us-central1-aiplatform.googleapis.com/v1/${nameIn('us-central1')}`, {
        headers: { authorization: `Bearer ${bearer}` },
      }),
    );
  expect((await call(token)).status).toBe(200);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...alphabet), async (at, other) => {
      fc.pre(token[at] !== other);
      const response = await call(token.slice(0, at) + other + token.slice(at + 1));
      expect(response.status).toBe(401);
    }),
    { numRuns: 300 },
  );
});

describe('the environment', () => {
  it('holds what points tools at the project and its endpoints', async () => {
    const environment = cloud.cloud.environment((service, region) => cloud.origin(service, region));
    expect(environment).toMatchObject({ GOOGLE_CLOUD_PROJECT: cloud.projectId });
    const { host } = new URL(cloud.origin('metadata', 'us-central1'));
    expect(environment).toMatchObject({ GCE_METADATA_HOST: host, GCE_METADATA_IP: host });
    const key = JSON.parse(environment.GOOGLE_CREDENTIALS ?? '') as { client_email: string; token_uri: string };
    expect(key).toMatchObject({
      client_email: cloud.credential.clientEmail,
      token_uri: `${cloud.origin('oauth2')}/token`,
    });
  });
});
