import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { type CloudCredentials, type FaultInput, setupCloud, type TestCloud } from '../../../integrations/msw/index.ts';
import { clouds } from '../../../mocks/clouds.ts';
import { listenToCloud, refusalOf } from '../../support/msw-cloud.ts';

type Aws = TestCloud<'aws'>;

const ec2 = (cloud: Aws, credentials = cloud.credentials.aws) =>
  new EC2Client({ region: 'us-east-1', credentials, maxAttempts: 1 });

const instancesOf = async (cloud: Aws) => {
  const { Reservations = [] } = await ec2(cloud).send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
};

const runInstance = (cloud: Aws) =>
  ec2(cloud).send(
    new RunInstancesCommand({ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );

afterEach(() => vi.restoreAllMocks());

describe('a test after another', () => {
  const open = () => listenToCloud({ clouds: ['aws'] });
  let cloud: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    cloud = await open();
  });
  afterEach(() => cloud.server.close());

  it('finds nothing of the one before after a reset: no resource, no fault, no credential', async () => {
    const before = { ...cloud.credentials.aws };
    await runInstance(cloud);
    expect(await instancesOf(cloud)).toHaveLength(1);
    cloud.inject({ kind: 'region-outage', target: 'aws/us-east-1' });
    await cloud.reset();
    expect(await instancesOf(cloud)).toHaveLength(0);
    expect(await refusalOf(ec2(cloud, before).send(new DescribeInstancesCommand({})))).toMatchObject({ name: 'AuthFailure' });
  });

  it('keeps what is in the account when faults alone are lifted', async () => {
    await runInstance(cloud);
    cloud.inject({ kind: 'region-outage', target: 'aws' });
    await cloud.liftAll();
    expect(await instancesOf(cloud)).toHaveLength(1);
  });
});

describe('two clouds', () => {
  it('know nothing of each other’s credentials', async () => {
    const [one, other] = await Promise.all([setupCloud({ clouds: ['aws'] }), setupCloud({ clouds: ['aws'] })]);
    const server = setupServer(...one.handlers);
    server.listen({ onUnhandledRequest: 'error' });
    try {
      await expect(ec2(one).send(new DescribeInstancesCommand({}))).resolves.toBeDefined();
      expect(await refusalOf(ec2(other).send(new DescribeInstancesCommand({})))).toMatchObject({ name: 'AuthFailure' });
    } finally {
      server.close();
    }
  });
});

describe('setupCloud', () => {
  it('sets every cloud up unless it is told which', async () => {
    const cloud = await setupCloud();
    expect(new Set(cloud.endpoints.map(({ link }) => link.split('/')[0]))).toEqual(new Set(clouds.map((one) => one.cloud)));
    expect(cloud.endpoints.every(({ hosts }) => hosts.length > 0)).toBe(true);
  });

  it('has the parts of each credential that its type says', async () => {
    const { credentials } = await setupCloud();
    const parts: { readonly [Cloud in keyof CloudCredentials]: readonly (keyof CloudCredentials[Cloud])[] } = {
      aws: ['accessKeyId', 'secretAccessKey', 'sessionToken'],
      google: [
        'type',
        'project_id',
        'private_key_id',
        'private_key',
        'client_email',
        'client_id',
        'token_uri',
        'universe_domain',
        'apiKey',
        'projectId',
        'clientEmail',
        'privateKeyId',
        'privateKeyPem',
      ],
      azure: ['tenantId', 'clientId', 'clientSecret', 'subscriptionId', 'resourceGroup', 'endpointKey', 'subscriptionKey'],
      ibm: ['apikey'],
      oracle: ['tenancy', 'user', 'fingerprint', 'privateKey'],
      huggingface: ['accessToken'],
    };
    for (const [cloud, names] of Object.entries(parts)) {
      const credential = credentials[cloud as keyof CloudCredentials];
      for (const name of names) expect(credential, cloud).toHaveProperty([name], expect.stringMatching(/./));
    }
  });

  it('stands in the regions that are asked for', async () => {
    const cloud = await setupCloud({ clouds: ['aws'], regions: { aws: ['ap-northeast-1'] } });
    const hosts = cloud.endpoints.flatMap((endpoint) => endpoint.hosts);
    expect(hosts).toContain('runtime.sagemaker.ap-northeast-1.amazonaws.com');
    expect(hosts.some((host) => host.includes('us-east-1') && host.startsWith('runtime'))).toBe(false);
  });

  it('gives the variables by which SDKs find what stands', async () => {
    const cloud = await setupCloud({ clouds: ['aws'], regions: { aws: ['eu-west-1'] } });
    expect(cloud.environment('aws')).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: cloud.credentials.aws.accessKeyId,
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: 'https://runtime.sagemaker.eu-west-1.amazonaws.com',
    });
  });

  it('leaves other hosts to the other handlers', async () => {
    using cloud = await listenToCloud({ clouds: ['aws'] });
    cloud.server.use(http.get('https://example.com/', () => new Response('mine')));
    expect(await (await fetch('https://example.com/')).text()).toBe('mine');
    // A bucket's own name is below the service's.
    expect(await (await fetch('https://some-bucket.s3.us-east-1.amazonaws.com/')).text()).toContain('<Error>');
    // A look-alike is none of the cloud's; msw says so.
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await refusalOf(fetch('https://ec2.us-east-1.amazonaws.com.example.com/'))).toBeInstanceOf(Error);
  });

  it.each([
    ['a cloud that is not there', { clouds: ['awz'] }, /No cloud is called "awz". Did you mean "aws"\?/],
    ['regions of another cloud', { clouds: ['aws'], regions: { google: ['us-east4'] } }, /google is not among the clouds/],
    ['no region', { clouds: ['aws'], regions: { aws: [] } }, /regions.aws: expected at least one region/],
  ])('refuses %s', async (_, options, message) => {
    await expect(setupCloud(options as never)).rejects.toThrow(message);
  });
});

describe('the types', () => {
  it('know the clouds that are set up, and each kind’s settings', () => {
    expectTypeOf<Aws['credentials']>().toHaveProperty('aws');
    expectTypeOf<Aws['credentials']>().not.toHaveProperty('google');
    expectTypeOf<{ kind: 'latency-spike'; target: 'aws'; delay: '1s'; shape: 'ramp' }>().toExtend<FaultInput>();
    expectTypeOf<{ kind: 'latency-spike'; target: 'aws'; delay: 1000 }>().not.toExtend<FaultInput>();
    expectTypeOf<{ kind: 'dns-failure'; target: 'aws' }>().toExtend<FaultInput>();
    expectTypeOf<{ kind: 'region-outrage'; target: 'aws' }>().not.toExtend<FaultInput>();
  });
});
