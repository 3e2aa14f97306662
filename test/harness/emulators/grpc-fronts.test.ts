import { helpers, PredictionServiceClient, type protos } from '@google-cloud/aiplatform';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFaultHand, type FaultHand } from '../../../harness/emulators/hand.ts';
import { openStage, type Stage } from '../../../harness/emulators/stage.ts';
import { ENDPOINT_ID } from '../../../mocks/google/account.ts';
import { google } from '../../../mocks/google/cloud.ts';
import { authOf } from '../../support/google-cloud.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';

const REGION = 'us-central1';
const UNAVAILABLE = 14;

let stage: Stage;
let hand: FaultHand;
let client: PredictionServiceClient;
beforeAll(async () => {
  stage = await openStage({ clouds: [{ definition: google, regions: [REGION] }], models: stubModels });
  hand = createFaultHand(stage);
  const auth = authOf(stage.cloud('google').account.credential);
  const authClient = await auth.getClient();
  const [host = '', port] = stage.endpoints.find(({ service }) => service === 'aiplatform')!.grpc!.split(':');
  client = new PredictionServiceClient({
    auth: auth as never,
    apiEndpoint: host,
    port: Number(port),
    sslCreds: credentials.combineChannelCredentials(
      credentials.createSsl(Buffer.from(stage.caCertPem)),
      credentials.createFromGoogleCredential({
        getRequestHeaders: async (url?: string) => Object.fromEntries(await authClient.getRequestHeaders(url)),
      }),
    ) as never,
  });
});
afterAll(async () => {
  await client.close();
  hand.close();
  await stage.close();
});

const predict = async () => {
  const { projectId } = stage.cloud('google').account.credential;
  const instances = [helpers.toValue([...rowLabelled(3)] as object) as protos.google.protobuf.IValue];
  const [response] = await client.predict(
    { endpoint: `projects/${projectId}/locations/${REGION}/endpoints/${ENDPOINT_ID}`, instances },
    { retry: null as never },
  );
  return response.predictions?.length;
};

describe('Vertex AI over gRPC, where the emulators are up alone', () => {
  it('serves a client with its default transport', async () => {
    expect(await predict()).toBe(1);
  });

  it.each([
    ['refused connections', { mode: 'refuse' }],
    ['reset connections', { mode: 'reset' }],
    ["the service's own failures", { mode: 'http-5xx' }],
  ])('is unavailable in an outage by %s', async (_what, settings) => {
    await hand.add({ kind: 'region-outage', target: `google/${REGION}/aiplatform`, ...settings });
    await expect(predict()).rejects.toMatchObject({ code: UNAVAILABLE });
    await hand.remove('region-outage');
    expect(await predict()).toBe(1);
  });
});
