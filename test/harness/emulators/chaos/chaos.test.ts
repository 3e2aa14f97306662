import { DescribeInstancesCommand, DescribeSpotPriceHistoryCommand, EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import { DetectLabelsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListEndpointsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createChaos } from '../../../../harness/emulators/chaos/chaos.ts';
import type { FaultRule } from '../../../../harness/emulators/chaos/rule.ts';
import { openStage, type Stage } from '../../../../harness/emulators/stage.ts';
import { aws } from '../../../../mocks/aws/cloud.ts';
import { awsFrontOf } from '../../../../mocks/aws/front.ts';
import { standingBucket } from '../../../../mocks/aws/s3/store.ts';
import { EAST, refusal, sdkCredentials, WEST } from '../../../support/aws-cloud.ts';
import { createBellCloud } from '../../../support/bell-cloud.ts';
import { stubModels } from '../../../support/model.ts';

const SEED = 3;
const MESSAGE = 'Operation failed due to a simulated fault';

let stage: Stage;
beforeAll(async () => {
  const bells = createBellCloud();
  stage = await openStage({
    clouds: [
      { definition: aws, regions: [EAST, WEST] },
      { definition: bells.definition, regions: ['north'] },
    ],
    models: stubModels,
    around: createChaos(SEED).around,
  });
});
afterAll(() => stage.close());

const chaos = async (method: string, path: 'faults' | 'effects', body?: unknown, origin = stage.originOf('aws', 's3', EAST)) => {
  const response = await fetch(`${origin}/_localstack/chaos/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return response.json();
};
const rules = (...given: readonly FaultRule[]) => chaos('POST', 'faults', given);

beforeEach(async () => {
  await rules();
  await chaos('POST', 'effects', { latency: 0 });
});

/** Options of the official clients: pointed at an endpoint, and otherwise as they come; one attempt, so that an error is seen as it was sent. */
const options = (service: string, region = EAST) => ({
  endpoint: stage.originOf('aws', service, service === 'iam' || service === 'pricing' ? 'global' : region),
  region,
  credentials: sdkCredentials(stage.cloud('aws').account.credential),
  maxAttempts: 1,
});
const ec2 = (region = EAST) => new EC2Client(options('ec2', region));
const s3 = (region = EAST) => new S3Client({ ...options('s3', region), forcePathStyle: true });
const sts = (region = EAST) => new STSClient(options('sts', region));
const iam = (region = EAST) => new IAMClient(options('iam', region));

/** A call of each service, by its client: [service, operation, protocol, call]. */
const calls: readonly (readonly [string, string, string, () => Promise<unknown>])[] = [
  ['ec2', 'DescribeInstances', 'EC2 Query', () => ec2().send(new DescribeInstancesCommand({}))],
  ['sts', 'GetCallerIdentity', 'Query', () => sts().send(new GetCallerIdentityCommand({}))],
  ['iam', 'ListUsers', 'Query', () => iam().send(new ListUsersCommand({}))],
  ['sagemaker', 'ListEndpoints', 'JSON', () => new SageMakerClient(options('sagemaker')).send(new ListEndpointsCommand({}))],
  [
    'rekognition',
    'DetectLabels',
    'JSON',
    () =>
      new RekognitionClient(options('rekognition')).send(
        new DetectLabelsCommand({ Image: { S3Object: { Bucket: standingBucket(EAST), Name: 'none.png' } } }),
      ),
  ],
  [
    'pricing',
    'GetProducts',
    'JSON',
    () => new PricingClient(options('pricing')).send(new GetProductsCommand({ ServiceCode: 'AmazonSageMaker' })),
  ],
  [
    'sagemaker-runtime',
    'InvokeEndpoint',
    'REST JSON',
    () =>
      new SageMakerRuntimeClient(options('sagemaker-runtime')).send(
        new InvokeEndpointCommand({ EndpointName: 'none', Body: new TextEncoder().encode('{}') }),
      ),
  ],
  ['s3', 'ListObjectsV2', 'REST XML', () => s3().send(new ListObjectsV2Command({ Bucket: standingBucket(EAST) }))],
  [
    's3',
    'PutObject',
    'REST XML',
    () => s3().send(new PutObjectCommand({ Bucket: standingBucket(EAST), Key: 'a/b', Body: 'x'.repeat(300_000) })),
  ],
];

/** How a call ends: `answered`, or the name of the error that its client throws. */
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    ({ name }: Error) => name,
  );

describe("a rule for an operation of the emulated AWS, by the service's own client", () => {
  it.each(calls)(
    '%s %s (%s) fails with the error that the rule names, and no other operation does',
    async (service, operation, _protocol, call) => {
      const before = await outcome(call());
      await rules({ service, operation, region: EAST, error: { statusCode: 450, code: 'TeaPotError' } });
      const error = await refusal(call());
      expect([error.name, error.message, error.$metadata.httpStatusCode]).toEqual(['TeaPotError', MESSAGE, 450]);
      expect(error.$metadata.requestId).toMatch(/./);

      await rules({ service, operation: 'AssumeNothing' }, { service: 'kinesis' }, { operation, region: WEST });
      expect(await outcome(call())).toBe(before);
    },
  );

  it.each(calls)('%s %s (%s) is unavailable by an empty rule, at 503', async (_service, _operation, _protocol, call) => {
    await rules({});
    const error = await refusal(call());
    expect([error.name, error.message, error.$metadata.httpStatusCode]).toEqual(['ServiceUnavailable', MESSAGE, 503]);
  });

  it.each([
    ['ec2', () => ec2().send(new DescribeInstancesCommand({})), 'InternalFailure'],
    ['sts', () => sts().send(new GetCallerIdentityCommand({})), 'ThrottlingException'],
    ['s3', () => s3().send(new GetObjectCommand({ Bucket: standingBucket(EAST), Key: 'a' })), 'AccessDeniedException'],
  ])('has its name as the rule has it, also where %s has another name for such an error', async (service, call, code) => {
    await rules({ service, error: { code } });
    expect((await refusal(call())).name).toBe(code);
  });

  it('leaves the other operations of its service alone, whose names are in bodies as they are in paths', async () => {
    await rules({ service: 'ec2', operation: 'DescribeSpotPriceHistory' }, { service: 'sts', operation: 'GetSessionToken' });
    await expect(ec2().send(new DescribeInstancesCommand({}))).resolves.toBeDefined();
    await expect(sts().send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
    expect(await outcome(ec2().send(new DescribeSpotPriceHistoryCommand({})))).toBe('ServiceUnavailable');
    expect(await outcome(sts().send(new GetSessionTokenCommand({})))).toBe('ServiceUnavailable');
  });

  it('acts in its region alone; a service without regions has that of the signature', async () => {
    await rules({ region: WEST });
    expect(await outcome(sts(WEST).send(new GetCallerIdentityCommand({})))).toBe('ServiceUnavailable');
    expect(await outcome(iam(WEST).send(new ListUsersCommand({})))).toBe('ServiceUnavailable');
    expect(await outcome(sts(EAST).send(new GetCallerIdentityCommand({})))).toBe('answered');
    expect(await outcome(iam(EAST).send(new ListUsersCommand({})))).toBe('answered');
  });

  it('fails a request before its signature is looked at, and one that has no name in the body of its answer', async () => {
    await rules({ service: 's3' });
    const unsigned = await fetch(`${stage.originOf('aws', 's3', EAST)}/any/thing`);
    expect([unsigned.status, await unsigned.text()]).toEqual([503, expect.stringContaining('<Code>ServiceUnavailable</Code>')]);
    const head = await refusal(s3().send(new HeadObjectCommand({ Bucket: standingBucket(EAST), Key: 'a' })));
    expect(head.$metadata.httpStatusCode).toBe(503);
  });

  it('has no hold over what is no AWS API: instance metadata, and other clouds', async () => {
    await rules({});
    const token = await fetch(`${stage.originOf('aws', 'ec2-metadata', EAST)}/latest/api/token`, {
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
    });
    expect(token.status).toBe(200);
    expect(await (await fetch(stage.originOf('ibm', 'bell', 'north'))).text()).toBe('ding north');
  });

  it('is known for every service of AWS but instance metadata', () => {
    const known = aws.services.filter(({ spec }) => awsFrontOf(spec.service)).map(({ spec }) => spec.service);
    expect(known).toEqual(aws.services.map(({ spec }) => spec.service).filter((service) => service !== 'ec2-metadata'));
  });
});

describe('the chaos API of the emulated AWS', () => {
  it('is the same at every endpoint of AWS, and at no other', async () => {
    const given = [{ service: 'kinesis', probability: 0.25 }];
    for (const [index, { cloud, origin }] of stage.endpoints.entries()) {
      if (cloud !== 'aws') {
        expect(await (await fetch(`${origin}/_localstack/chaos/faults`)).text()).toBe('ding north');
        continue;
      }
      expect(await chaos('PATCH', 'faults', [{ description: String(index) }], origin)).toHaveLength(index + 1);
      expect(await chaos('GET', 'effects', undefined, origin)).toEqual({ latency: 0 });
    }
    await rules(...given);
    expect(await chaos('GET', 'faults', undefined, stage.originOf('aws', 'iam', 'global'))).toEqual(given);
  });

  it('answers under every rule and latency, so that they can be taken back', async () => {
    await rules({});
    await chaos('POST', 'effects', { latency: 60_000 });
    expect(await chaos('POST', 'effects', { latency: 0 })).toEqual({ latency: 0 });
    expect(await rules()).toEqual([]);
  });

  it('is refused to a web page at an endpoint too', async () => {
    const response = await fetch(`${stage.originOf('aws', 'ec2', EAST)}/_localstack/chaos/faults`, {
      method: 'POST',
      headers: { origin: 'https://example.com', 'content-type': 'text/plain' },
      body: '[{}]',
    });
    expect(response.status).toBe(403);
    expect(await chaos('GET', 'faults')).toEqual([]);
  });
});

describe('a probability', () => {
  const CALLS = 400;
  const pattern = async (probability: number): Promise<readonly boolean[]> => {
    const client = sts();
    await rules({ service: 'sts', operation: 'GetCallerIdentity', probability });
    const drawn: boolean[] = [];
    for (let n = 0; n < CALLS; n += 1) drawn.push((await outcome(client.send(new GetCallerIdentityCommand({})))) !== 'answered');
    return drawn;
  };

  it('fails that share of many calls, the same ones when they are made again', async () => {
    const drawn = await pattern(0.3);
    const failed = drawn.filter(Boolean).length;
    // Five standard deviations.
    expect(Math.abs(failed - 0.3 * CALLS)).toBeLessThan(5 * Math.sqrt(CALLS * 0.3 * 0.7));
    expect(await pattern(0.3)).toEqual(drawn);
  });

  it('fails none at 0, and all at 1', async () => {
    expect((await pattern(0)).some(Boolean)).toBe(false);
    expect((await pattern(1)).every(Boolean)).toBe(true);
  });

  it('leaves a client with retries the attempts that are spared', async () => {
    const client = new STSClient({ ...options('sts'), maxAttempts: 10 });
    await rules({ service: 'sts', probability: 0.5 });
    await expect(client.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
  });
});

describe('a latency', () => {
  it('delays every call of AWS by no less, whether a rule fails it or not, and no other cloud', async () => {
    const latency = 150;
    const took = async (call: () => Promise<unknown>) => {
      const startedAt = performance.now();
      await call();
      return performance.now() - startedAt;
    };
    const client = sts();
    const ask = () => outcome(client.send(new GetCallerIdentityCommand({})));
    await ask();
    await chaos('POST', 'effects', { latency });
    for (let n = 0; n < 5; n += 1) expect(await took(ask)).toBeGreaterThanOrEqual(latency);
    await rules({});
    expect(await took(async () => expect(await ask()).toBe('ServiceUnavailable'))).toBeGreaterThanOrEqual(latency);
    await rules();
    // Side by side, not one after the other.
    const together = await took(() => Promise.all(Array.from({ length: 20 }, ask)));
    expect(together).toBeGreaterThanOrEqual(latency);
    expect(together).toBeLessThan(20 * latency);
  });
});
