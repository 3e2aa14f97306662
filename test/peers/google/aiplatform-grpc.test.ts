import { EndpointServiceClient, helpers, PredictionServiceClient, type protos } from '@google-cloud/aiplatform';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';
import { type GrpcMounted, mountGrpc } from '../../../harness/world/live/grpc-mount.ts';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import { ENDPOINT_ID } from '../../../mocks/google/account.ts';
import { google } from '../../../mocks/google/cloud.ts';
import { createEndpointService } from '../../../mocks/google/grpc/endpoint-service.ts';
import { createPredictionService } from '../../../mocks/google/grpc/prediction-service.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import type { Credential } from '../../conformance/case.ts';
import { forge } from '../../conformance/google/errors.ts';
import { authOf, mountGoogleCloud } from '../../support/google-cloud.ts';
import { collect, failureOf, labelOf, rowTensor, tensorLabel } from '../../support/google-predictions.ts';
import { createLocalCa, type LocalCa } from '../../support/local-ca.ts';

type Value = protos.google.protobuf.IValue;

const samples = loadSamples('digits').slice(0, 8);
const rows = samples.map(({ pixels }) => pixels);
const labels = samples.map(({ label }) => label);
const ONCE = { retry: null as never };

let models: ModelRuntime;
let ca: LocalCa;
const opened: { close(): Promise<unknown> }[] = [];

/** The cloud with a gRPC front in one region, and Google's client with its default transport pointed at it. */
const open = async (region = 'us-central1', credentialOf: (credential: Credential) => Credential = (same) => same) => {
  const cloud = await mountGoogleCloud(models);
  const { certPem, keyPem } = await ca.issue(['127.0.0.1']);
  const fetch = cloud.fetch('aiplatform', region);
  const grpc: GrpcMounted = await mountGrpc([createPredictionService(fetch), createEndpointService(fetch)], {
    tls: { certPem, keyPem },
  });
  const auth = authOf(credentialOf(cloud.credential));
  const authClient = await auth.getClient();
  // What the client makes by itself, but for the authority that it trusts.
  const sslCreds = credentials.combineChannelCredentials(
    credentials.createSsl(Buffer.from(ca.caCertPem)),
    credentials.createFromGoogleCredential({
      getRequestHeaders: async (url?: string) => Object.fromEntries(await authClient.getRequestHeaders(url)),
    }),
  );
  const options = { auth: auth as never, apiEndpoint: '127.0.0.1', port: grpc.port, sslCreds: sslCreds as never };
  const client = new PredictionServiceClient(options);
  const endpoints = new EndpointServiceClient(options);
  opened.push(client, endpoints, grpc, cloud);
  const endpoint = (id = ENDPOINT_ID) => `projects/${cloud.projectId}/locations/${region}/endpoints/${id}`;
  const predict = async (instances: readonly unknown[] = rows, id?: string) => {
    const values = instances.map((instance) => helpers.toValue(instance as object) as Value);
    const [response] = await client.predict({ endpoint: endpoint(id), instances: values }, ONCE);
    return response;
  };
  return { cloud, client, endpoints, endpoint, predict };
};

beforeAll(async () => {
  models = await createOnnxRuntime(['digits']);
  ca = await createLocalCa();
});

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

describe.each(google.regions)('given the Vertex AI client over gRPC in %s', (region) => {
  it('when it predicts, then the model answers, with what made the prediction', async () => {
    const { predict } = await open(region);
    const { predictions, modelDisplayName, model } = await predict();
    expect(predictions?.map((value) => labelOf(helpers.fromValue(value as never) as never))).toEqual(labels);
    expect(modelDisplayName).toBe('digits');
    expect(model).toContain(`/locations/${region}/models/`);
  });

  it('when it streams predictions, then a message comes for each row', async () => {
    const { client, endpoint } = await open(region);
    const messages = await collect(client.serverStreamingPredict({ endpoint: endpoint(), inputs: rows.map(rowTensor) }));
    expect(messages.map(tensorLabel)).toEqual(labels);
  });

  it('when it sends raw bodies, then it gets what the container answers, whole or as a stream', async () => {
    const { client, endpoint } = await open(region);
    const httpBody = { contentType: 'application/json', data: Buffer.from(JSON.stringify({ instances: rows })) };
    const [answer] = await client.rawPredict({ endpoint: endpoint(), httpBody });
    expect(JSON.parse(Buffer.from(answer.data as Uint8Array).toString()).predictions.map(labelOf)).toEqual(labels);
    const lines = await collect<{ data: Uint8Array }>(client.streamRawPredict({ endpoint: endpoint(), httpBody }));
    expect(lines.map(({ data }) => labelOf(JSON.parse(Buffer.from(data).toString())))).toEqual(labels);
  });
});

describe('given the client of endpoints over gRPC', () => {
  it('when it gets the endpoint, then it is told what is deployed there, as in the predictions', async () => {
    const { endpoints, endpoint, predict } = await open();
    const { deployedModelId, model } = await predict();
    const [got] = await endpoints.getEndpoint({ name: endpoint() }, ONCE);
    expect(got).toMatchObject({
      displayName: 'digits endpoint',
      trafficSplit: { [deployedModelId as string]: 100 },
      deployedModels: [{ id: deployedModelId, model, dedicatedResources: { machineSpec: { machineType: 'n1-standard-8' } } }],
    });
  });

  it.each([
    ['an endpoint that is not there', '1', 5],
    ['a name of another form', '1/2', 3],
  ])('when it gets %s, then the status says so', async (_what, id, code) => {
    const { endpoints, endpoint } = await open();
    expect(await failureOf(endpoints.getEndpoint({ name: endpoint(id) }, ONCE))).toMatchObject({ code });
  });

  it('when another key signs the token, then it is UNAUTHENTICATED with its reason', async () => {
    const { endpoints, endpoint } = await open('us-central1', forge);
    const failure = await failureOf(endpoints.getEndpoint({ name: endpoint() }, ONCE));
    expect(failure).toMatchObject({ code: 16, reason: 'JWT_TOKEN_INVALID' });
  });
});

describe('given calls that fail over gRPC', () => {
  it('when another key signs the token, then it is UNAUTHENTICATED with its reason', async () => {
    const { predict } = await open('us-central1', forge);
    expect(await failureOf(predict())).toMatchObject({ code: 16, reason: 'JWT_TOKEN_INVALID' });
  });

  it('when tokens are expired, then it is UNAUTHENTICATED', async () => {
    const { predict, cloud } = await open();
    await predict();
    await cloud.account.control({ type: 'expire-tokens' });
    expect(await failureOf(predict())).toMatchObject({ code: 16, reason: 'ACCESS_TOKEN_EXPIRED' });
  });

  it('when the key is revoked, then it is UNAUTHENTICATED', async () => {
    const { predict, cloud } = await open();
    await cloud.account.control({ type: 'revoke-credential', replacementAfterMs: null });
    expect(await failureOf(predict())).toMatchObject({ code: 16 });
  });

  it('when the permission is taken, then it is PERMISSION_DENIED and names it, in a stream too', async () => {
    const { predict, cloud, client, endpoint } = await open();
    await cloud.account.control({ type: 'set-permission', service: 'aiplatform', operation: '*', isAllowed: false });
    const denied = { code: 7, reason: 'IAM_PERMISSION_DENIED', message: expect.stringContaining('aiplatform.endpoints.predict') };
    expect(await failureOf(predict())).toMatchObject(denied);
    const stream = client.serverStreamingPredict({ endpoint: endpoint(), inputs: rows.map(rowTensor) }, ONCE);
    expect(await failureOf(collect(stream))).toMatchObject(denied);
  });

  it('when the quota is used up, then it is RESOURCE_EXHAUSTED with RATE_LIMIT_EXCEEDED', async () => {
    const { predict, cloud } = await open();
    await cloud.account.control({ type: 'set-quota', region: 'us-central1', service: 'aiplatform', requestsPerS: 0.001 });
    await predict();
    expect(await failureOf(predict())).toMatchObject({ code: 8, reason: 'RATE_LIMIT_EXCEEDED' });
  });

  it.each([
    ['no instance', [], undefined, 3],
    ['a row too short', [[1, 2, 3]], undefined, 9],
    ['an endpoint that is not there', rows, '1', 5],
    ['a name of another form', rows, '1/2', 3],
  ])('when it sends %s, then the status says so', async (_what, instances, id, code) => {
    const { predict } = await open();
    expect(await failureOf(predict(instances, id))).toMatchObject({ code });
  });

  it('when a method is not emulated, then it is UNIMPLEMENTED', async () => {
    const { client, endpoint } = await open();
    expect(await failureOf(client.directPredict({ endpoint: endpoint() }, ONCE))).toMatchObject({ code: 12 });
  });
});

describe('given a front without TLS', () => {
  it('when it is called without credentials, as such channels are, then it is UNAUTHENTICATED', async () => {
    const cloud = await mountGoogleCloud(models);
    const grpc = await mountGrpc([createPredictionService(cloud.fetch('aiplatform', 'us-central1'))]);
    const client = new PredictionServiceClient({
      auth: authOf(cloud.credential) as never,
      apiEndpoint: '127.0.0.1',
      port: grpc.port,
      sslCreds: credentials.createInsecure() as never,
    });
    opened.push(client, grpc, cloud);
    const endpoint = `projects/${cloud.projectId}/locations/us-central1/endpoints/${ENDPOINT_ID}`;
    expect(await failureOf(client.predict({ endpoint, instances: [] }, ONCE))).toMatchObject({
      code: 16,
      reason: 'CREDENTIALS_MISSING',
    });
  });

  it('when its port is taken, then the error says so', async () => {
    const taken = await mountGrpc([]);
    opened.push(taken);
    await expect(mountGrpc([], { port: taken.port })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  });
});
