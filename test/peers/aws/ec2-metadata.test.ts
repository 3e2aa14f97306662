import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { MetadataService } from '@aws-sdk/ec2-metadata-service';
import { fromInstanceMetadata } from '@smithy/credential-provider-imds';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { EAST, mountAwsCloud, QUICK, WEST } from '../../support/aws-cloud.ts';

const TTL = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN = 'x-aws-ec2-metadata-token';
const NOTICE = '/latest/meta-data/spot/instance-action';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Two minutes, as at AWS: these tests see the notice, and do not wait for it to run out. */
const given = async () => {
  const cloud = await mountAwsCloud({ timings: { ...QUICK, interruptionNoticeMs: 120_000 } });
  const origin = (region = EAST) => cloud.originOf('ec2-metadata', region);
  const put = (headers: Readonly<Record<string, string>>, method = 'PUT') =>
    fetch(`${origin()}/latest/api/token`, { method, headers });
  const token = async (ttl = '60') => (await put({ [TTL]: ttl })).text();
  const get = async (path: string, withToken?: string) =>
    fetch(`${origin()}${path}`, { headers: { [TOKEN]: withToken ?? (await token()) } });
  const service = (region = EAST) => new MetadataService({ endpoint: origin(region), retries: 0 });
  return { ...cloud, origin, put, token, get, service, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

describe('instance metadata, by @aws-sdk/ec2-metadata-service', () => {
  test('tells an instance who it is, in each region', async () => {
    await using metadata = await given();
    for (const region of [EAST, WEST]) {
      const service = metadata.service(region);
      expect(await service.request('/latest/meta-data/placement/region', {})).toBe(region);
      const document = JSON.parse(await service.request('/latest/dynamic/instance-identity/document', {}));
      expect(document).toMatchObject({
        region,
        accountId: '111122223333',
        instanceId: expect.stringMatching(/^i-[0-9a-f]{17}$/),
      });
    }
  });

  test('gives the role’s credentials to the SDK’s own chain, and they sign', async () => {
    await using metadata = await given();
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', metadata.origin());
    const { credentials: _, ...options } = metadata.options('sts');
    const sts = new STSClient({ ...options, credentials: fromInstanceMetadata({ maxRetries: 0 }) });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: 'arn:aws:sts::111122223333:assumed-role/squall-workload/serving',
    });
  });

  test('says nothing of an interruption until there is one, then when it will be', async () => {
    await using metadata = await given();
    const rebalance = '/latest/meta-data/events/recommendations/rebalance';
    for (const path of [NOTICE, rebalance]) expect((await metadata.get(path)).status).toBe(404);
    const beforeMs = Date.now();
    await metadata.account.control({ type: 'interrupt-instances', region: EAST });
    const notice = JSON.parse(await metadata.service().request(NOTICE, {})) as { action: string; time: string };
    expect(notice.action).toBe('terminate');
    expect(notice.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    // To the second, rounded down.
    expect(Date.parse(notice.time) - beforeMs).toBeGreaterThan(118_900);
    expect(Date.parse(notice.time) - Date.now()).toBeLessThanOrEqual(120_000);
    expect(JSON.parse(await metadata.service().request(rebalance, {}))).toEqual({ noticeTime: expect.stringMatching(/Z$/) });
    expect(await metadata.service().request('/latest/meta-data/spot/termination-time', {})).toBe(notice.time);
    await expect(metadata.service(WEST).request(NOTICE, {})).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  test('speaks of the spot instance that was launched last', async () => {
    await using metadata = await given();
    const ec2 = new EC2Client(metadata.options('ec2'));
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0abcdef1234567890',
        InstanceType: 'g4dn.xlarge',
        MinCount: 1,
        MaxCount: 1,
        InstanceMarketOptions: { MarketType: 'spot' },
        UserData: btoa('#!/bin/sh\necho hello'),
      }),
    );
    expect(await (await metadata.get('/latest/meta-data/instance-id')).text()).toBe(Instances?.[0]?.InstanceId);
    expect(await (await metadata.get('/latest/meta-data/instance-life-cycle')).text()).toBe('spot');
    expect(await (await metadata.get('/latest/user-data')).text()).toBe('#!/bin/sh\necho hello');
  });
});

describe('instance metadata lets in', () => {
  test('nobody without a token', async () => {
    await using metadata = await given();
    const plain = await fetch(`${metadata.origin()}/latest/meta-data/instance-id`);
    expect(plain.status).toBe(401);
    expect((await metadata.get('/latest/meta-data/instance-id', 'AQAEAGuessed==')).status).toBe(401);
  });

  test('nobody with a token that has run out', async () => {
    await using metadata = await given();
    const token = await metadata.token('2');
    expect((await metadata.get('/latest/meta-data/instance-id', token)).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2001 });
    try {
      expect((await metadata.get('/latest/meta-data/instance-id', token)).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  test('nobody with a token from before all tokens were expired', async () => {
    await using metadata = await given();
    const token = await metadata.token();
    await metadata.account.control({ type: 'expire-tokens' });
    expect((await metadata.get('/latest/meta-data/instance-id', token)).status).toBe(401);
    expect((await metadata.get('/latest/meta-data/instance-id')).status).toBe(200);
  });

  test.each([
    ['no time to live', {}, 400],
    ['a time to live of nothing', { [TTL]: '0' }, 400],
    ['a time to live beyond six hours', { [TTL]: '21601' }, 400],
    ['a time to live that is no number', { [TTL]: 'long' }, 400],
    ['a proxy before it', { [TTL]: '60', 'x-forwarded-for': '10.0.0.1' }, 403],
  ])('no request for a token with %s', async (_, headers, status) => {
    await using metadata = await given();
    expect((await metadata.put(headers as Record<string, string>)).status).toBe(status);
  });

  test('no other method', async () => {
    await using metadata = await given();
    expect((await metadata.put({ [TTL]: '60' }, 'POST')).status).toBe(405);
  });

  test('nobody to the role’s credentials once they were revoked', async () => {
    await using metadata = await given();
    const path = '/latest/meta-data/iam/security-credentials/squall-workload';
    expect((await metadata.get(path)).status).toBe(200);
    await metadata.account.control({ type: 'revoke-credential', replacementAfterMs: null });
    expect((await metadata.get(path)).status).toBe(404);
  });
});
