import { createHash, createHmac } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SageMakerRuntimeClient, type SageMakerRuntimeClientConfig } from '@aws-sdk/client-sagemaker-runtime';
import { SignatureV4 } from '@smithy/signature-v4';
import { mount } from '../../harness/world/live/mount.ts';
import { type AwsCredential, mintSession } from '../../mocks/aws/credential.ts';
import { aws } from '../../mocks/aws/provider.ts';
import type { CapacityConfig, EmulatorConfig, FetchHandler, RegionConfig } from '../../mocks/emulator.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { stubModels } from './model.ts';

export const ENDPOINT = 'digits';
export const EAST = 'us-east-1';
export const WEST = 'eu-west-1';

const SECRET_STORE_TOKEN = 'workload-identity';
const CAPACITY: CapacityConfig = { serviceTimeMs: 1, serviceTimeSigma: 0, concurrency: 4, queueLimit: 8 };

const regionsWith = (capacity: Partial<CapacityConfig>): readonly RegionConfig[] => [
  { region: EAST, capacity: { ...CAPACITY, ...capacity }, instanceUsdPerHour: 1.408, instanceType: 'ml.g5.xlarge' },
  { region: WEST, capacity: { ...CAPACITY, ...capacity }, instanceUsdPerHour: 1.5708, instanceType: 'ml.g5.xlarge' },
];

export interface AwsOptions {
  readonly credential?: AwsCredential;
  readonly models?: ModelRuntime;
  readonly capacity?: Partial<CapacityConfig>;
}

/** The emulator in this process, its handlers by service and region. */
export const createAws = async ({ credential = mintSession(), models = stubModels, capacity = {} }: AwsOptions = {}) => {
  const config = {
    provider: 'aws',
    regions: regionsWith(capacity),
    credential,
    secretStoreToken: SECRET_STORE_TOKEN,
    endpointName: ENDPOINT,
    model: 'digits',
  } satisfies EmulatorConfig;
  const emulator = await aws.createEmulator(config, { models });

  const handler = (service: string, of = 'global'): FetchHandler => {
    const endpoint = emulator.endpoints.find(({ definition, region }) => definition.service === service && region === of);
    if (!endpoint) throw new TypeError(`no endpoint ${of}/${service}`);
    return endpoint.fetch;
  };

  /** What the secret store hands out now. */
  const readCredential = async (): Promise<AwsCredential> => {
    const headers = { authorization: `Bearer ${SECRET_STORE_TOKEN}` };
    const response = await handler('secretsmanager')(new Request('http://secretsmanager/credential', { headers }));
    return ((await response.json()) as { credential: AwsCredential }).credential;
  };

  return { emulator, credential, handler, readCredential };
};

/** The emulator with SageMaker runtime on loopback sockets, each region with an origin of its own. */
export const mountAws = async (options: AwsOptions = {}) => {
  const created = await createAws(options);
  const mounted = new Map(
    await Promise.all(
      [EAST, WEST].map(async (region) => [region, await mount(created.handler('sagemaker-runtime', region))] as const),
    ),
  );
  const originOf = (region: string): string => mounted.get(region)?.origin ?? '';

  /** The official client, pointed at a region and otherwise as it comes; one attempt, so that an error is seen as it was sent. */
  const client = (config: SageMakerRuntimeClientConfig = {}, region = EAST) =>
    new SageMakerRuntimeClient({
      endpoint: originOf(region),
      region,
      credentials: sdkCredential(created.credential),
      maxAttempts: 1,
      ...config,
    });

  return {
    ...created,
    originOf,
    client,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...mounted.values()].map((each) => each.close()));
    },
  };
};

/** The credential under the names that AWS's SDKs give its parts. */
export const sdkCredential = ({ accessKeyId, secretAccessKey, sessionToken }: AwsCredential) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
});

/** A request as it goes over the wire. */
export interface Signed {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ToSign {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly region?: string;
  readonly service?: string;
  readonly atMs?: number;
}

export const HOST = 'runtime.sagemaker.test';

/** Signs as AWS's own signer does. */
export const sign = async (credential: AwsCredential, toSign: ToSign = {}): Promise<Signed> => {
  const {
    method = 'POST',
    path = `/endpoints/${ENDPOINT}/invocations`,
    body = '',
    region = EAST,
    service = 'sagemaker',
  } = toSign;
  const signer = new SignatureV4({
    credentials: sdkCredential(credential),
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const headers = { host: HOST, 'content-type': 'application/json', ...toSign.headers };
  const request = { method, protocol: 'http:', hostname: HOST, path, headers, body };
  const signed = await signer.sign(request, { signingDate: new Date(toSign.atMs ?? Date.now()) });
  return { method, path, headers: signed.headers, body };
};

/**
 * Signs by the letter of the IAM user guide ("Create a signed AWS API request"), with Node's crypto: a check on the signer that the
 * emulator shares with AWS's JavaScript SDK, and a way to sign what no SDK signs so.
 */
export const signByHand = (
  { accessKeyId, secretAccessKey }: AwsCredential,
  { headers, body, date }: { readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly date: string },
): Signed => {
  const path = `/endpoints/${ENDPOINT}/invocations`;
  const names = Object.keys(headers).sort();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonicalRequest = ['POST', path, '', lines, names.join(';'), sha256(body)].join('\n');
  const scope = [date.slice(0, 8), EAST, 'sagemaker', 'aws4_request'];
  const stringToSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonicalRequest)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, ` +
    `SignedHeaders=${names.join(';')}, Signature=${hmac(key, stringToSign).toString('hex')}`;
  return { method: 'POST', path, headers: { ...headers, authorization }, body };
};

/** What arrives at the emulator. */
export const toRequest = ({ method, path, headers, body }: Signed): Request =>
  new Request(`http://${HOST}${path}`, { method, headers, ...(body === '' ? {} : { body }) });

/** Name and words of a refusal in protocol restJson1. */
export const readRefusal = async (response: Response) => {
  const body = (await response.json()) as { message?: string | null; Message?: string };
  return {
    status: response.status,
    code: response.headers.get('x-amzn-errortype'),
    message: body.message ?? body.Message ?? null,
  };
};
