import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AzureKeyCredential, TextAnalysisClient } from '@azure/ai-language-text';
import { createDefaultHttpClient, createPipelineRequest } from '@azure/core-rest-pipeline';
import { ClientSecretCredential } from '@azure/identity';
import { helpers, PredictionServiceClient } from '@google-cloud/aiplatform';
import { InstancesClient } from '@google-cloud/compute';
import { ImageAnnotatorClient } from '@google-cloud/vision';
import { InferenceClient } from '@huggingface/inference';
import { type AuthClient, GoogleAuth, JWT } from 'google-auth-library';
import { IamAuthenticator } from 'ibm-cloud-sdk-core';
import { http } from 'msw';
import common from 'oci-common';
import identity from 'oci-identity';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';
import { packageRoot } from '../../../harness/package-root.ts';
import type { Prediction } from '../../../mocks/models/runtime.ts';
import { JWT_BEARER, signAssertion } from '../../support/google.ts';
import { Scoring, VERSION } from '../../support/ibm.ts';
import { listenToCloud, refusalOf } from '../../support/msw-cloud.ts';

const samples = loadSamples('digits').slice(0, 20);
const rows = samples.map(({ pixels }) => pixels);

/** The model is right on most digits; an answer that is canned is right on two of these twenty. */
const expectRight = (labels: readonly number[]) => {
  expect(labels).toHaveLength(samples.length);
  expect(samples.filter(({ label }, index) => labels[index] === label).length).toBeGreaterThan(16);
};

const open = () => listenToCloud({ clouds: ['aws', 'google', 'azure', 'ibm', 'oracle', 'huggingface'] });
let cloud: Awaited<ReturnType<typeof open>>;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  cloud = await open();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});
afterAll(() => cloud.server.close());

/** Nothing but what everybody gives it. */
const withAws = <Client extends { destroy(): void }>(
  Type: new (config: { region: string; credentials: typeof cloud.credentials.aws }) => Client,
  region = 'us-east-1',
): Client => {
  const client = new Type({ region, credentials: cloud.credentials.aws });
  clients.push(client);
  return client;
};

describe('official SDKs, with credentials and nothing else', () => {
  it.each(['us-east-1', 'eu-west-1'])('SageMaker runtime predicts in %s', async (region) => {
    const { Body } = await withAws(SageMakerRuntimeClient, region).send(
      new InvokeEndpointCommand({
        EndpointName: 'digits',
        ContentType: 'application/json',
        Body: JSON.stringify({ instances: rows }),
      }),
    );
    const { predictions } = JSON.parse(Body.transformToString()) as { readonly predictions: readonly Prediction[] };
    expectRight(predictions.map(({ label }) => label));
  });

  it('EC2 answers in XML, and STS says who calls', async () => {
    expect((await withAws(EC2Client).send(new DescribeInstancesCommand({}))).$metadata.httpStatusCode).toBe(200);
    const { Arn } = await withAws(STSClient).send(new GetCallerIdentityCommand({}));
    expect(Arn).toMatch(/^arn:aws:/);
  });

  it('a secret that was guessed is refused', async () => {
    const client = new SageMakerRuntimeClient({
      region: 'us-east-1',
      credentials: { ...cloud.credentials.aws, secretAccessKey: 'guessed' },
    });
    clients.push(client);
    await expect(client.send(new InvokeEndpointCommand({ EndpointName: 'digits', Body: '{}' }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });

  it.each(['us-central1', 'europe-west4'])('Vertex AI predicts in %s over REST', async (region) => {
    const { clientEmail, privateKeyPem, projectId } = cloud.credentials.google;
    const client = new PredictionServiceClient({
      apiEndpoint: `${region}-aiplatform.googleapis.com`,
      auth: new GoogleAuth({ authClient: new JWT({ email: clientEmail, key: privateKeyPem }) as AuthClient }) as never,
      projectId,
      fallback: 'rest' as never,
    });
    const [{ predictions }] = await client.predict({
      endpoint: `projects/${projectId}/locations/${region}/endpoints/4181594624327188480`,
      instances: rows.map((row) => helpers.toValue(row as never) as never),
    });
    expectRight((predictions ?? []).map((value) => (helpers.fromValue(value as never) as { label: number }).label));
    await client.close();
  });

  it('Cloud Vision, its token and Compute take the credential as the option of their clients', async () => {
    const credentials = cloud.credentials.google;
    const vision = new ImageAnnotatorClient({ credentials, fallback: 'rest' as never });
    const content = readFileSync(join(packageRoot, 'mocks', 'models', 'vision', 'samples', '7-1.png'));
    const [{ labelAnnotations }] = await vision.annotateImage({ image: { content }, features: [{ type: 'LABEL_DETECTION' }] });
    expect(labelAnnotations?.[0]?.description).toBe('Seven');
    await vision.close();

    const instances = new InstancesClient({ credentials, projectId: credentials.projectId, fallback: 'rest' as never });
    expect((await instances.list({ project: credentials.projectId, zone: 'us-central1-a' }))[0]).toEqual([]);
    await instances.close();

    const auth = new GoogleAuth({ credentials, scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
    expect(await auth.getAccessToken()).toMatch(/^ya29\./);
  });

  it("Google's token endpoint gives google-auth-library a token", async () => {
    const { clientEmail, privateKeyPem } = cloud.credentials.google;
    const jwt = new JWT({ email: clientEmail, key: privateKeyPem, scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
    expect((await jwt.authorize()).access_token).toMatch(/^ya29\./);
  });

  it("Google's token endpoint answers under its older name too, as google-auth-library 9 asks it, and leaves other paths of that host alone", async () => {
    const aud = 'https://www.googleapis.com/oauth2/v4/token';
    const assertion = await signAssertion({ provider: 'google', ...cloud.credentials.google }, { claims: { aud } });
    const body = new URLSearchParams({ grant_type: JWT_BEARER, assertion });
    const answer = await fetch(aud, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ access_token: expect.stringMatching(/^ya29\./), token_type: 'Bearer' });

    const drive = 'https://www.googleapis.com/drive/v3/files';
    cloud.server.use(
      ...cloud.handlers,
      http.get(drive, () => Response.json({ files: ['mine'] })),
    );
    expect(await (await fetch(drive)).json()).toEqual({ files: ['mine'] });
    cloud.server.resetHandlers();
    expect(await refusalOf(fetch(drive))).toMatchObject({ message: expect.stringContaining('onUnhandledRequest') });
  });

  it('Entra gives @azure/identity a token, and an online endpoint takes it', async () => {
    const { tenantId, clientId, clientSecret } = cloud.credentials.azure;
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret);
    const { token } = await credential.getToken('https://ml.azure.com/.default');
    const request = createPipelineRequest({
      url: 'https://squall.eastus.inference.ml.azure.com/score',
      method: 'POST',
      body: JSON.stringify({ input_data: rows }),
    });
    request.headers.set('authorization', `Bearer ${token}`);
    request.headers.set('content-type', 'application/json');
    const { status, bodyAsText } = await createDefaultHttpClient().sendRequest(request);
    expect(status).toBe(200);
    expectRight((JSON.parse(bodyAsText ?? '') as readonly Prediction[]).map(({ label }) => label));
  });

  it("Azure's language service takes its key", async () => {
    const key = new AzureKeyCredential(cloud.credentials.azure.subscriptionKey);
    const client = new TextAnalysisClient('https://squall-language-eastus.cognitiveservices.azure.com', key);
    const [result] = await client.analyze('SentimentAnalysis', ['A wonderful day']);
    expect(result).toMatchObject({ sentiment: 'positive' });
  });

  it('Oracle takes signatures of a provider that is made of the credential', async () => {
    const { tenancy, user, fingerprint, privateKey } = cloud.credentials.oracle;
    const client = new identity.IdentityClient({
      authenticationDetailsProvider: new common.SimpleAuthenticationDetailsProvider(tenancy, user, fingerprint, privateKey, null),
    });
    client.region = common.Region.US_ASHBURN_1;
    expect((await client.listAvailabilityDomains({ compartmentId: tenancy })).items.length).toBeGreaterThan(0);
  });

  it('Hugging Face takes the token', async () => {
    const client = new InferenceClient(cloud.credentials.huggingface.accessToken);
    const [likeliest] = await client.textClassification({
      model: 'squall/sentiment',
      provider: 'hf-inference',
      inputs: 'A wonderful day',
    });
    expect(likeliest).toMatchObject({ label: 'positive' });
  });

  it('watsonx.ai predicts with a token of IAM', async () => {
    const client = new Scoring({
      version: VERSION,
      serviceUrl: 'https://us-south.ml.cloud.ibm.com',
      authenticator: new IamAuthenticator(cloud.credentials.ibm),
    });
    const { result } = await client.predict('digits', { input_data: [{ values: rows }] });
    expectRight(result.predictions[0]?.values.map(([label]) => label) ?? []);
  });
});
