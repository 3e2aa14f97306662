import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageAnnotatorClient, type protos } from '@google-cloud/vision';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../harness/package-root.ts';
import { mountGrpc } from '../../../harness/world/live/grpc-mount.ts';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import { createImageAnnotator } from '../../../mocks/google/grpc/image-annotator.ts';
import { DIGIT_NAMES } from '../../../mocks/models/vision/recognize.ts';
import { authOf, clientOptions, mountGoogleCloud, ONCE } from '../../support/google-cloud.ts';
import { failureOf } from '../../support/google-predictions.ts';
import { createLocalCa } from '../../support/local-ca.ts';

type Request = protos.google.cloud.vision.v1.IAnnotateImageRequest;

const directory = join(packageRoot, 'mocks', 'models', 'vision', 'samples');
/** File names begin with the digit that is shown. */
const samples = readdirSync(directory)
  .filter((file) => file.endsWith('.png'))
  .map((file) => ({ digit: Number(file[0]), content: readFileSync(join(directory, file)) }));
const [first] = samples;

const LABELS: Request['features'] = [{ type: 'LABEL_DETECTION' }];

let cloud: Awaited<ReturnType<typeof mountGoogleCloud>>;
let client: ImageAnnotatorClient;

const annotate = async (requests: readonly Request[], by = client) => {
  const [{ responses }] = await by.batchAnnotateImages({ requests: [...requests] }, ONCE);
  return responses ?? [];
};

const post = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${cloud.origin('vision')}/v1/images:annotate${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ requests: [{ image: { content: first?.content.toString('base64') }, features: LABELS }] }),
  });

beforeAll(async () => {
  cloud = await mountGoogleCloud(await createOnnxRuntime(['digits']));
  client = new ImageAnnotatorClient(clientOptions(cloud.origin('vision'), cloud.credential));
});

afterAll(async () => {
  await client.close();
  await cloud.close();
});

describe('given the Vision client', () => {
  it('when it asks for the labels of the samples, then the model tells them', async () => {
    const requests = samples.map(({ content }) => ({ image: { content }, features: LABELS }));
    const responses = [...(await annotate(requests.slice(0, 10))), ...(await annotate(requests.slice(10)))];
    expect(responses.map(({ labelAnnotations }) => labelAnnotations?.[0]?.description)).toEqual(
      samples.map(({ digit }) => DIGIT_NAMES[digit]),
    );
    for (const { labelAnnotations } of responses) expect(labelAnnotations?.[0]?.score).toBeGreaterThan(0.5);
  });

  it('when it uses its own helper, then the label comes the same', async () => {
    const [{ labelAnnotations }] = await (client as unknown as Detector).labelDetection({
      image: { content: first?.content as Buffer },
    });
    expect(labelAnnotations?.[0]?.description).toBe(DIGIT_NAMES[first?.digit ?? -1]);
  });

  it('when it speaks gRPC, as it does by default, then the answer is the same', async () => {
    const ca = await createLocalCa();
    const { certPem, keyPem } = await ca.issue(['127.0.0.1']);
    const grpc = await mountGrpc([createImageAnnotator(cloud.fetch('vision'))], { tls: { certPem, keyPem } });
    const auth = authOf(cloud.credential);
    const authClient = await auth.getClient();
    const sslCreds = credentials.combineChannelCredentials(
      credentials.createSsl(Buffer.from(ca.caCertPem)),
      credentials.createFromGoogleCredential({
        getRequestHeaders: async (url?: string) => Object.fromEntries(await authClient.getRequestHeaders(url)),
      }),
    );
    const options = { auth: auth as never, apiEndpoint: '127.0.0.1', port: grpc.port, sslCreds: sslCreds as never };
    const byGrpc = new ImageAnnotatorClient(options);
    const [response] = await annotate([{ image: { content: first?.content as Buffer }, features: LABELS }], byGrpc);
    expect(response?.labelAnnotations?.[0]?.description).toBe(DIGIT_NAMES[first?.digit ?? -1]);
    const [{ error } = {}] = await annotate([{ image: { content: Buffer.from('text') }, features: LABELS }], byGrpc);
    expect(error).toMatchObject({ code: 3, message: 'Bad image data.' });
    await byGrpc.close();
    await grpc.close();
  });

  it.each([
    ['text', { image: { content: Buffer.from('text') }, features: LABELS }, 3, 'Bad image data.'],
    ['half a picture', { image: { content: first?.content.subarray(0, 60) as Buffer }, features: LABELS }, 3, 'Bad image data.'],
    ['an address', { image: { source: { imageUri: 'https://example.com/7.png' } }, features: LABELS }, 7, 'access the URL'],
    [
      'a file that is not there',
      { image: { source: { imageUri: 'gs://nobody/7.png' } }, features: LABELS },
      5,
      'gs://nobody/7.png',
    ],
    [
      'an unknown model',
      { image: { content: first?.content as Buffer }, features: [{ type: 'LABEL_DETECTION', model: 'mine' }] },
      3,
      'model',
    ],
  ] as const)('when an image comes with %s, then it has an error beside the others', async (_what, request, code, message) => {
    const good = { image: { content: first?.content as Buffer }, features: LABELS };
    const [failed, other] = await annotate([request as Request, good]);
    expect(failed?.error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(failed?.labelAnnotations).toEqual([]);
    expect(other?.labelAnnotations).toHaveLength(1);
  });

  it('when it sends more images than are taken, then the request is refused', async () => {
    const requests = Array.from({ length: 17 }, () => ({ image: { content: first?.content as Buffer }, features: LABELS }));
    expect(await failureOf(annotate(requests))).toMatchObject({
      name: 'GoogleError',
      http: 400,
      code: 3,
      message: 'Too many images per request',
    });
  });

  it.each([
    ['no features', { image: { content: first?.content as Buffer } }],
    ['no image', { features: LABELS }],
    ['an image without content', { image: {}, features: LABELS }],
  ] as const)('when one of its images comes with %s, then the request is refused as a whole', async (_what, request) => {
    const good = { image: { content: first?.content as Buffer }, features: LABELS };
    expect(await failureOf(annotate([good, request as Request]))).toMatchObject({
      name: 'GoogleError',
      http: 400,
      code: 3,
      message: 'Request must specify image and features.',
    });
  });
});

describe('given an API key', () => {
  const labelled = async (response: Response) => ((await response.json()) as { responses: readonly object[] }).responses.length;

  it("when it is the project's, then it opens the API, in a header or in the address", async () => {
    const { apiKey = '' } = cloud.credential;
    expect(apiKey).toMatch(/^AIza[\w-]{35}$/);
    expect(await labelled(await post(`?key=${apiKey}`))).toBe(1);
    expect(await labelled(await post('', { 'x-goog-api-key': apiKey }))).toBe(1);
  });

  it('when it is another, or revoked, then it is not valid', async () => {
    const { apiKey = '' } = cloud.credential;
    const refused = async (key: string) => {
      const response = await post(`?key=${key}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }, {}] },
      });
    };
    await refused(`${apiKey.slice(0, -1)}${apiKey.endsWith('a') ? 'b' : 'a'}`);
    await cloud.account.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    await refused(apiKey);
    expect((await post(`?key=${cloud.credential.apiKey}`)).status).toBe(200);
  });

  it('when there is none, nor a token, then it is UNAUTHENTICATED', async () => {
    expect((await post('')).status).toBe(401);
  });
});

/** The client's helpers, which its types leave out. */
interface Detector {
  labelDetection(request: Request): Promise<[protos.google.cloud.vision.v1.IAnnotateImageResponse]>;
}
