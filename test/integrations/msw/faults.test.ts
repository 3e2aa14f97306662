import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { DetectLabelsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import {
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from '@aws-sdk/client-sagemaker-runtime';
import { JWT } from 'google-auth-library';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { faultKinds } from '../../../harness/faults/index.ts';
import type { FaultKind } from '../../../harness/faults/kind.ts';
import { packageRoot } from '../../../harness/package-root.ts';
import type { FaultInput } from '../../../integrations/msw/index.ts';
import { awsCompute, links } from '../../support/faults.ts';
import { rowLabelled } from '../../support/model.ts';
import { listenToCloud, refusalOf } from '../../support/msw-cloud.ts';

const EAST = 'aws/us-east-1/sagemaker-runtime';
const PICTURE = readFileSync(join(packageRoot, 'mocks', 'models', 'vision', 'samples', '4-1.png'));
const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

const open = () => listenToCloud({ clouds: ['aws', 'google', 'azure'], regions: { aws: ['us-east-1', 'eu-west-1'] }, seed: 7 });
let cloud: Awaited<ReturnType<typeof open>>;
const clients: SageMakerRuntimeClient[] = [];

beforeAll(async () => {
  cloud = await open();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.destroy();
  await cloud.reset();
});
afterAll(() => cloud.server.close());

const invoke = (region = 'us-east-1', config: SageMakerRuntimeClientConfig = {}) => {
  const client = new SageMakerRuntimeClient({ region, credentials: cloud.credentials.aws, maxAttempts: 1, ...config });
  clients.push(client);
  const Body = JSON.stringify({ instances: [rowLabelled(3)] });
  return client.send(new InvokeEndpointCommand({ EndpointName: 'digits', ContentType: 'application/json', Body }));
};

const statusOf = async (call: ReturnType<typeof invoke>) => (await call).$metadata.httpStatusCode;

/** What `node:https` and `fetch` meet at a host. */
const errorsAt = async (host: string) => {
  const byNode = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
    const request = https.get(`https://${host}/`, () => reject(new Error('the call was answered')));
    request.on('error', resolve);
  });
  const byFetch = await refusalOf(fetch(`https://${host}/`));
  return { byNode, byFetch };
};

describe('an outage of a region', () => {
  it('refuses connections there alone, until it is lifted', async () => {
    const fault = cloud.inject({ kind: 'region-outage', target: 'aws/us-east-1' });
    expect(fault.links).toContain(EAST);
    expect(await refusalOf(invoke())).toMatchObject({ code: 'ECONNREFUSED' });
    expect(await statusOf(invoke('eu-west-1'))).toBe(200);
    fault.lift();
    expect(await statusOf(invoke())).toBe(200);
  });

  it('ends with the block that it was declared in', async () => {
    {
      using _ = cloud.inject({ kind: 'region-outage', target: EAST, mode: 'reset' });
      expect(await refusalOf(invoke())).toMatchObject({ code: 'ECONNRESET' });
    }
    expect(await statusOf(invoke())).toBe(200);
  });

  it('is survived by the SDK’s own retries when it is short enough', async () => {
    const fault = cloud.inject({ kind: 'region-outage', target: EAST });
    const call = invoke('us-east-1', { maxAttempts: 5 });
    setTimeout(() => fault.lift(), 50);
    expect((await call).$metadata.attempts).toBeGreaterThan(1);
  });

  it('swallows requests as a black hole, and cuts them when it is lifted', async () => {
    using fault = cloud.inject({ kind: 'region-outage', target: EAST, mode: 'blackhole' });
    const slow = invoke('us-east-1', { requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true } });
    expect(await refusalOf(slow)).toMatchObject({ name: 'TimeoutError' });
    const patient = invoke();
    setTimeout(() => fault.lift(), 50);
    expect(await refusalOf(patient)).toMatchObject({ code: 'ECONNRESET' });
    expect(await statusOf(invoke())).toBe(200);
  });

  it('cuts what is under way', async () => {
    using spike = cloud.inject({ kind: 'latency-spike', target: EAST, delay: '10s' });
    const call = invoke();
    setTimeout(() => cloud.inject({ kind: 'region-outage', target: EAST, mode: 'reset' }), 50);
    expect(await refusalOf(call)).toMatchObject({ code: 'ECONNRESET' });
    expect(spike.links).toEqual([EAST]);
  });

  it('answers in the service’s own shape where it is a 5xx', async () => {
    using _ = cloud.inject({ kind: 'region-outage', target: EAST, mode: 'http-5xx' });
    expect(await refusalOf(invoke())).toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } });
  });
});

describe('each way that a connection fails', () => {
  it.each<readonly [FaultInput, string]>([
    [{ kind: 'region-outage', target: EAST }, 'ECONNREFUSED'],
    [{ kind: 'region-outage', target: EAST, mode: 'reset' }, 'ECONNRESET'],
    [{ kind: 'region-outage', target: EAST, mode: 'partial', percent: '100%' }, 'ECONNRESET'],
    [{ kind: 'dns-failure', target: EAST }, 'ENOTFOUND'],
    [{ kind: 'dns-failure', target: EAST, mode: 'no-answer', giveUpAfter: '20ms' }, 'EAI_AGAIN'],
    [{ kind: 'certificate-expired', target: EAST }, 'CERT_HAS_EXPIRED'],
    [{ kind: 'certificate-wrong-host', target: EAST }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%j is %s, as Node and as fetch have it', async (fault, code) => {
    using _ = cloud.inject(fault);
    const complain = vi.spyOn(console, 'error');
    const { byNode, byFetch } = await errorsAt('runtime.sagemaker.us-east-1.amazonaws.com');
    expect(byNode).toMatchObject({ code });
    expect(byFetch).toBeInstanceOf(TypeError);
    expect(byFetch).toMatchObject({ message: 'fetch failed', cause: { code } });
    // msw prints what it takes for a mistake of the handler.
    expect(complain).not.toHaveBeenCalled();
  });

  it('half-open loses what is under way, and lets new requests through', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let isSettled = false;
    const spike = cloud.inject({ kind: 'latency-spike', target: EAST, delay: '1s' });
    const lost = invoke('us-east-1', { requestHandler: { requestTimeout: 60 * SECOND_MS, throwOnRequestTimeout: true } });
    lost.finally(() => (isSettled = true)).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(100);
    await spike.lift();
    using _ = cloud.inject({ kind: 'half-open', target: EAST });
    await vi.advanceTimersByTimeAsync(30 * SECOND_MS);
    expect(isSettled).toBe(false);
    const next = invoke();
    await vi.advanceTimersByTimeAsync(SECOND_MS);
    expect(await statusOf(next)).toBe(200);
    const refused = refusalOf(lost);
    await vi.advanceTimersByTimeAsync(60 * SECOND_MS);
    expect(await refused).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('faults on single requests', () => {
  it('touches the same requests for the same seed', async () => {
    const draw = async () => {
      const outcomes: boolean[] = [];
      using _ = cloud.inject({ kind: 'error-burst', target: EAST, probability: '50%', burst: '1s', every: '1s' });
      for (let count = 0; count < 20; count += 1) outcomes.push((await refusalOf(invoke())).name === 'ServiceUnavailable');
      return outcomes;
    };
    const first = await draw();
    expect(new Set(first).size).toBe(2);
    await cloud.reset();
    expect(await draw()).toEqual(first);
  });

  it('answers in the shape of each cloud', async () => {
    using _ = cloud.inject({ kind: 'error-burst', target: '*', condition: 'throttled', burst: '1s', every: '1s' });
    expect(await refusalOf(invoke())).toMatchObject({ name: 'ThrottlingException' });
    const response = await fetch(
      'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/endpoints/1:predict',
      {
        method: 'POST',
      },
    );
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ error: { status: 'RESOURCE_EXHAUSTED' } });
  });
});

describe('faults that the account is told of', () => {
  it('throttles above the quota, and stops', async () => {
    const fault = cloud.inject({ kind: 'throttling', target: EAST, requestsPerS: '1/s' });
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => refusalOf(invoke())));
    expect(outcomes.map(({ name }) => name)).toContain('ThrottlingException');
    fault.lift();
    expect(await Promise.all([1, 2, 3, 4].map(() => statusOf(invoke())))).toEqual([200, 200, 200, 200]);
  });

  it('keeps the quota of a fault that goes on when another ends', async () => {
    using _ = cloud.inject({ kind: 'throttling', target: EAST, requestsPerS: '1/s' });
    const second = cloud.inject({ kind: 'throttling', target: EAST, requestsPerS: '2/s' });
    expect(second.name).toBe('throttling-2');
    second.lift();
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => refusalOf(invoke())));
    expect(outcomes.map(({ name }) => name)).toContain('ThrottlingException');
  });

  it('revokes the credential; the replacement is the one to use from then on', async () => {
    const before = cloud.credentials.aws;
    using fault = cloud.inject({ kind: 'credential-revocation', target: 'aws', replacementAfter: '0ms' });
    await fault.landed;
    expect(await refusalOf(invoke('us-east-1', { credentials: before }))).toMatchObject({ name: 'UnrecognizedClientException' });
    expect(cloud.credentials.aws.accessKeyId).not.toBe(before.accessKeyId);
    expect(await statusOf(invoke())).toBe(200);
  });

  it('is in force for the next request, awaited or not', async () => {
    using _ = cloud.inject({ kind: 'credential-revocation', target: 'aws', replacementAfter: 'never' });
    expect(await refusalOf(invoke())).toMatchObject({ name: 'UnrecognizedClientException' });
  });

  it('takes the token endpoint down', async () => {
    using _ = cloud.inject({ kind: 'credential-revocation', target: 'google', mode: 'token-endpoint-down' });
    const { clientEmail, privateKeyPem } = cloud.credentials.google;
    const jwt = new JWT({ email: clientEmail, key: privateKeyPem, scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
    expect(await refusalOf(jwt.authorize())).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
  });

  it('makes serving dear on the price list', async () => {
    const url = "https://prices.azure.com/api/retail/prices?$filter=armRegionName eq 'eastus'";
    const prices = async () => {
      const { Items } = (await (await fetch(url)).json()) as { readonly Items: readonly { readonly retailPrice: number }[] };
      return Items.map(({ retailPrice }) => retailPrice);
    };
    const before = await prices();
    const fault = cloud.inject({ kind: 'cost-spike', target: 'azure/eastus', multiplier: 10 });
    expect(Math.max(...(await prices()))).toBeCloseTo(10 * Math.max(...before));
    fault.lift();
    expect(await prices()).toEqual(before);
  });

  it('takes a permission of one service in every region, and gives it back', async () => {
    const detect = (region: string) => {
      const client = new RekognitionClient({ region, credentials: cloud.credentials.aws, maxAttempts: 1 });
      return client.send(new DetectLabelsCommand({ Image: { Bytes: PICTURE } })).finally(() => client.destroy());
    };
    const fault = cloud.inject({ kind: 'permission-revocation', target: 'aws/*/rekognition', operation: 'DetectLabels' });
    expect(fault.links).toEqual(['aws/us-east-1/rekognition', 'aws/eu-west-1/rekognition']);
    for (const region of ['us-east-1', 'eu-west-1']) {
      expect(await refusalOf(detect(region))).toMatchObject({ name: 'AccessDeniedException' });
    }
    expect(await statusOf(invoke())).toBe(200);
    await fault.lift();
    expect((await detect('eu-west-1')).Labels?.[0]?.Name).toBe('Four');
  });

  it('takes spot instances after their notice, which metadata tell', async () => {
    const ec2 = new EC2Client({ region: 'us-east-1', credentials: cloud.credentials.aws, maxAttempts: 1 });
    const spot = { MinCount: 1, MaxCount: 1, InstanceMarketOptions: { MarketType: 'spot' } } as const;
    await ec2.send(new RunInstancesCommand({ ImageId: 'ami-0abcdef1234567890', InstanceType: 'g4dn.xlarge', ...spot }));
    const metadata = 'http://169.254.169.254/latest';
    const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
    const token = await (await fetch(`${metadata}/api/token`, { method: 'PUT', headers })).text();
    const notice = () => fetch(`${metadata}/meta-data/spot/instance-action`, { headers: { 'x-aws-ec2-metadata-token': token } });
    expect((await notice()).status).toBe(404);

    using fault = cloud.inject({ kind: 'spot-interruption', target: 'aws/us-east-1', notice: '2s' });
    expect(fault.links).toEqual(['aws/us-east-1/ec2']);
    await fault.landed;
    expect(await (await notice()).json()).toMatchObject({ action: 'terminate' });
    const state = async () => (await ec2.send(new DescribeInstancesCommand({}))).Reservations?.[0]?.Instances?.[0]?.State?.Name;
    await vi.waitFor(async () => expect(await state()).toMatch(/shutting-down|terminated/), 10 * SECOND_MS);
    ec2.destroy();
  });

  it.each<readonly [string, readonly string[]]>([
    ['google/us-central1', ['google/us-central1/compute']],
    ['azure/eastus', ['azure/eastus/compute']],
    ['*', ['aws/us-east-1/ec2', 'aws/eu-west-1/ec2']],
  ])('interrupts the spot instances of %s', (target, links) => {
    using fault = cloud.inject({ kind: 'spot-interruption', target });
    expect(fault.links).toEqual(expect.arrayContaining([...links]));
  });

  it('takes a permission by hand', async () => {
    await cloud.control('aws', {
      type: 'set-permission',
      service: 'sagemaker-runtime',
      operation: 'InvokeEndpoint',
      isAllowed: false,
    });
    expect(await refusalOf(invoke())).toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('on the timers of the test', () => {
  it('delays by as much as the test lets time pass', async () => {
    vi.useFakeTimers();
    using _ = cloud.inject({ kind: 'latency-spike', target: EAST, delay: '5s' });
    const sentAtMs = Date.now();
    let answeredAtMs = 0;
    const call = invoke().then((answer) => {
      answeredAtMs = Date.now();
      return answer;
    });
    await vi.advanceTimersByTimeAsync(10 * SECOND_MS);
    expect((await call).$metadata.httpStatusCode).toBe(200);
    expect(answeredAtMs - sentAtMs).toBeGreaterThanOrEqual(5 * SECOND_MS);
    expect(answeredAtMs - sentAtMs).toBeLessThan(6 * SECOND_MS);
  });

  it('lifts a fault that has a length, and grows one over it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    cloud.inject({ kind: 'region-outage', target: EAST, for: '30s' });
    expect(await refusalOf(invoke())).toMatchObject({ code: 'ECONNREFUSED' });
    await vi.advanceTimersByTimeAsync(30 * SECOND_MS);
    const call = invoke();
    await vi.advanceTimersByTimeAsync(SECOND_MS);
    expect(await statusOf(call)).toBe(200);
  });

  it('ends sessions by the test’s clock, after half a day, and has the next one for who reads it again', async () => {
    const before = cloud.credentials.aws;
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 11 * HOUR_MS);
    expect(await statusOf(invoke('us-east-1', { credentials: before }))).toBe(200);
    vi.setSystemTime(Date.now() + 2 * HOUR_MS);
    expect(await refusalOf(invoke('us-east-1', { credentials: before }))).toMatchObject({ name: 'ExpiredTokenException' });
    expect(await statusOf(invoke('us-east-1', { credentials: cloud.credentials.aws }))).toBe(200);
  });
});

describe('what can be injected', () => {
  // There are no connections to write to, and none of what a scenario's stack alone has.
  const actsOnClouds = ({ appliesTo }: FaultKind) => !appliesTo || [...links, awsCompute].some(appliesTo);
  it.each(
    faultKinds
      .filter(actsOnClouds)
      .map(({ kind }) => kind)
      .filter((kind) => !['toxic', 'http'].includes(kind)),
  )('%s has an effect here, and lifts', async (kind) => {
    const fault = cloud.inject({ kind, target: '*' } as FaultInput);
    await fault.landed;
    expect(fault.links.length).toBeGreaterThan(0);
    await fault.lift();
    await fault.lift();
    // A revoked credential has its replacement a second later.
    await vi.waitFor(async () => expect(await statusOf(invoke())).toBe(200), 5 * SECOND_MS);
  });

  it.each<readonly [string, unknown, RegExp]>([
    [
      'an unknown kind',
      { kind: 'region-outrage', target: EAST },
      /no fault kind is called "region-outrage". Did you mean "region-outage"\?/,
    ],
    [
      'an unknown setting',
      { kind: 'latency-spike', target: EAST, delays: '1s' },
      /no setting is called "delays". Did you mean "delay"\?/,
    ],
    ['a value of another unit', { kind: 'latency-spike', target: EAST, delay: 500 }, /delay: expected a duration with its unit/],
    ['a target that is not there', { kind: 'region-outage', target: 'aws/us-east-9' }, /matches no link .* acts on/],
    ['a toxic', { kind: 'toxic', target: EAST }, /touches what is written to connections, and msw has none/],
    ['no target', { kind: 'region-outage' }, /target: is missing/],
    [
      'a permission of one region alone',
      { kind: 'permission-revocation', target: 'aws/us-east-1/rekognition' },
      /leaves aws\/eu-west-1\/rekognition out/,
    ],
    ['an interruption of no instance', { kind: 'spot-interruption', target: EAST }, /nothing that it targets has spot instances/],
  ])('%s is refused, with what would be right', (_, fault, message) => {
    expect(() => cloud.inject(fault as FaultInput)).toThrow(message);
  });

  it('a name that is taken is refused', () => {
    using _ = cloud.inject({ kind: 'region-outage', target: EAST, name: 'outage' });
    expect(() => cloud.inject({ kind: 'region-outage', target: EAST, name: 'outage' })).toThrow(/is active already/);
  });
});
