import {
  CancelSpotInstanceRequestsCommand,
  CreateTagsCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeSpotPriceHistoryCommand,
  EC2Client,
  type EC2ClientConfig,
  paginateDescribeInstances,
  paginateDescribeSpotPriceHistory,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { EAST, mountAwsCloud, refusal, WEST } from '../../support/aws-cloud.ts';

const IMAGE = 'ami-0abcdef1234567890';
const DAY_MS = 86_400_000;

const run = (input: Partial<RunInstancesCommandInput> = {}) =>
  new RunInstancesCommand({ ImageId: IMAGE, InstanceType: 'm5.large', MinCount: 1, MaxCount: 1, ...input });

const SPOT = { InstanceType: 'g5.xlarge', InstanceMarketOptions: { MarketType: 'spot' } } as const;

/** An account, and the official client in one of its regions. */
const given = async () => {
  const cloud = await mountAwsCloud();
  const client = (region = EAST, config: EC2ClientConfig = {}) => new EC2Client({ ...cloud.options('ec2', region), ...config });
  return { ...cloud, client, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

/** Asks again every twentieth of a second. */
const waiting = (client: EC2Client) => ({ client, minDelay: 0.05, maxDelay: 0.05, maxWaitTime: 10 });

const launch = async (client: EC2Client, input: Partial<RunInstancesCommandInput> = {}) => {
  const { Instances = [] } = await client.send(run(input));
  return Instances.map(({ InstanceId = '' }) => InstanceId);
};

const stateOf = async (client: EC2Client, id: string) => {
  const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0];
};

describe('@aws-sdk/client-ec2, unmodified', () => {
  test('an instance is pending, runs, shuts down and is terminated', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const { Instances, OwnerId, ReservationId } = await client.send(
      run({ TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'a & <b>' }] }] }),
    );
    const [instance] = Instances ?? [];
    expect(instance).toMatchObject({
      ImageId: IMAGE,
      InstanceType: 'm5.large',
      State: { Code: 0, Name: 'pending' },
      Placement: { AvailabilityZone: 'us-east-1a' },
      Tags: [{ Key: 'Name', Value: 'a & <b>' }],
      LaunchTime: expect.any(Date),
    });
    expect(OwnerId).toBe('111122223333');
    expect(ReservationId).toMatch(/^r-[0-9a-f]{17}$/);
    const InstanceIds = [instance?.InstanceId ?? ''];
    await waitUntilInstanceRunning(waiting(client), { InstanceIds });
    const { InstanceStatuses } = await client.send(new DescribeInstanceStatusCommand({ InstanceIds }));
    expect(InstanceStatuses).toMatchObject([{ InstanceState: { Name: 'running' }, InstanceStatus: { Status: 'ok' } }]);
    const { TerminatingInstances } = await client.send(new TerminateInstancesCommand({ InstanceIds }));
    expect(TerminatingInstances).toMatchObject([{ PreviousState: { Name: 'running' }, CurrentState: { Name: 'shutting-down' } }]);
    await waitUntilInstanceTerminated(waiting(client), { InstanceIds });
    expect(await stateOf(client, InstanceIds[0] ?? '')).toMatchObject({
      State: { Code: 48, Name: 'terminated' },
      StateReason: { Code: 'Client.UserInitiatedShutdown' },
    });
  });

  test('an instance stops and starts again', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const InstanceIds = await launch(client);
    await waitUntilInstanceRunning(waiting(client), { InstanceIds });
    await client.send(new StopInstancesCommand({ InstanceIds }));
    await waitUntilInstanceStopped(waiting(client), { InstanceIds });
    await client.send(new StartInstancesCommand({ InstanceIds }));
    await waitUntilInstanceRunning(waiting(client), { InstanceIds });
  });

  test('a region knows nothing of another’s instances', async () => {
    await using ec2 = await given();
    const InstanceIds = await launch(ec2.client(EAST));
    const { Reservations } = await ec2.client(WEST).send(new DescribeInstancesCommand({}));
    expect(Reservations).toEqual([]);
    expect(await refusal(ec2.client(WEST).send(new DescribeInstancesCommand({ InstanceIds })))).toMatchObject({
      name: 'InvalidInstanceID.NotFound',
    });
    const { AvailabilityZones = [] } = await ec2.client(WEST).send(new DescribeAvailabilityZonesCommand({}));
    expect(AvailabilityZones.map(({ ZoneName, ZoneId }) => [ZoneName, ZoneId])).toContainEqual(['eu-west-1b', 'euw1-az2']);
  });

  test('filters by state, type, lifecycle and tag, with wildcards', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const [plain = ''] = await launch(client);
    const [spot = ''] = await launch(client, SPOT);
    await client.send(new CreateTagsCommand({ Resources: [plain], Tags: [{ Key: 'team', Value: 'serving-a' }] }));
    const found = async (Name: string, ...Values: string[]) => {
      const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ Filters: [{ Name, Values }] }));
      return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId));
    };
    expect(await found('instance-lifecycle', 'spot')).toEqual([spot]);
    expect(await found('instance-type', 'm5.*')).toEqual([plain]);
    expect(await found('tag:team', 'serving-?')).toEqual([plain]);
    expect(await found('tag-key', 'team', 'other')).toEqual([plain]);
    expect(await found('instance-state-name', 'terminated')).toEqual([]);
    expect(
      await refusal(client.send(new DescribeInstancesCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] }))),
    ).toMatchObject({ name: 'InvalidParameterValue', message: "The filter 'colour' is invalid" });
  });

  test('pages through instances', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    await ec2.account.control({ type: 'set-quota', service: 'ec2', region: EAST, requestsPerS: 1_000_000 });
    for (let count = 0; count < 12; count += 1) await launch(client, { InstanceType: 't3.micro' });
    const sizes: number[] = [];
    for await (const page of paginateDescribeInstances({ client, pageSize: 5 }, {})) sizes.push(page.Reservations?.length ?? 0);
    expect(sizes).toEqual([5, 5, 2]);
  });

  test('a client token launches once, and not something else', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const first = await client.send(run({ ClientToken: 'once' }));
    const again = await client.send(run({ ClientToken: 'once' }));
    expect(again.ReservationId).toBe(first.ReservationId);
    const { Reservations } = await client.send(new DescribeInstancesCommand({}));
    expect(Reservations).toHaveLength(1);
    expect(await refusal(client.send(run({ ClientToken: 'once', InstanceType: 'c5.large' })))).toMatchObject({
      name: 'IdempotentParameterMismatch',
    });
  });

  test('prices of the spot market: history that does not change, cheaper than on demand, in pages', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const asked = {
      InstanceTypes: ['g5.xlarge' as const],
      StartTime: new Date(Date.now() - 7 * DAY_MS),
      EndTime: new Date(Date.now() - DAY_MS),
    };
    const { SpotPriceHistory: history = [] } = await client.send(new DescribeSpotPriceHistoryCommand(asked));
    expect(history.length).toBeGreaterThan(60);
    for (const { SpotPrice } of history) {
      expect(Number(SpotPrice)).toBeGreaterThan(0.2);
      expect(Number(SpotPrice)).toBeLessThan(0.6);
    }
    const times = history.map(({ Timestamp }) => Timestamp?.getTime() ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(new Set(history.map(({ AvailabilityZone }) => AvailabilityZone)).size).toBe(3);
    const paged = [];
    for await (const page of paginateDescribeSpotPriceHistory({ client, pageSize: 25 }, asked))
      paged.push(...(page.SpotPriceHistory ?? []));
    expect(paged).toEqual(history);
  });

  test('a price multiplier shows in the price in force', async () => {
    await using ec2 = await given();
    const price = async () => {
      const asked = { InstanceTypes: ['g5.xlarge' as const], AvailabilityZone: 'us-east-1a', StartTime: new Date() };
      const { SpotPriceHistory } = await ec2.client().send(new DescribeSpotPriceHistoryCommand(asked));
      return Number(SpotPriceHistory?.[0]?.SpotPrice);
    };
    const before = await price();
    await ec2.account.control({ type: 'set-price-multiplier', service: 'ec2', region: EAST, multiplier: 3 });
    expect(await price()).toBeCloseTo(3 * before, 4);
  });
});

describe('a spot instance that is interrupted', () => {
  test('is marked, has two minutes’ notice, and is taken', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const InstanceIds = await launch(client, SPOT);
    const request = async () => {
      const { SpotInstanceRequests } = await client.send(new DescribeSpotInstanceRequestsCommand({}));
      return SpotInstanceRequests?.[0];
    };
    expect(await request()).toMatchObject({ State: 'active', Status: { Code: 'fulfilled' }, Type: 'one-time' });
    await waitUntilInstanceRunning(waiting(client), { InstanceIds });
    await ec2.account.control({ type: 'interrupt-instances', region: EAST });
    expect(await request()).toMatchObject({ State: 'active', Status: { Code: 'marked-for-termination' } });
    expect((await stateOf(client, InstanceIds[0] ?? ''))?.State?.Name).toBe('running');
    await waitUntilInstanceTerminated(waiting(client), { InstanceIds });
    expect(await stateOf(client, InstanceIds[0] ?? '')).toMatchObject({
      StateReason: { Code: 'Server.SpotInstanceTermination' },
    });
    expect(await request()).toMatchObject({ State: 'closed', Status: { Code: 'instance-terminated-no-capacity' } });
  });

  test('leaves on-demand instances and other regions alone', async () => {
    await using ec2 = await given();
    const InstanceIds = await launch(ec2.client());
    const [western = ''] = await launch(ec2.client(WEST), SPOT);
    const [taken = ''] = await launch(ec2.client(), SPOT);
    await waitUntilInstanceRunning(waiting(ec2.client()), { InstanceIds: [taken] });
    await ec2.account.control({ type: 'interrupt-instances', region: EAST });
    await waitUntilInstanceTerminated(waiting(ec2.client()), { InstanceIds: [taken] });
    expect((await stateOf(ec2.client(), InstanceIds[0] ?? ''))?.State?.Name).toBe('running');
    expect((await stateOf(ec2.client(WEST), western))?.State?.Name).toBe('running');
  });

  test('leaves no capacity in its zone until it is gone', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    await launch(client, SPOT);
    await ec2.account.control({ type: 'interrupt-instances', region: EAST });
    expect(await refusal(client.send(run({ ...SPOT, Placement: { AvailabilityZone: 'us-east-1a' } })))).toMatchObject({
      name: 'InsufficientInstanceCapacity',
      $metadata: { httpStatusCode: 500 },
    });
    const { Instances } = await client.send(run(SPOT));
    expect(Instances?.[0]?.Placement?.AvailabilityZone).toBe('us-east-1b');
  });

  test('stops when its request is persistent and says so', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const InstanceIds = await launch(client, {
      ...SPOT,
      InstanceMarketOptions: {
        MarketType: 'spot',
        SpotOptions: { SpotInstanceType: 'persistent', InstanceInterruptionBehavior: 'stop' },
      },
    });
    await waitUntilInstanceRunning(waiting(client), { InstanceIds });
    await ec2.account.control({ type: 'interrupt-instances', region: EAST });
    await waitUntilInstanceStopped(waiting(client), { InstanceIds });
  });

  test('has a request that can be cancelled, which leaves it running', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const [id = ''] = await launch(client, SPOT);
    const sir = (await stateOf(client, id))?.SpotInstanceRequestId ?? '';
    await client.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [sir] }));
    const { SpotInstanceRequests } = await client.send(
      new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [sir] }),
    );
    expect(SpotInstanceRequests).toMatchObject([{ State: 'cancelled' }]);
    expect((await stateOf(client, id))?.State?.Name).toMatch(/pending|running/);
  });
});

describe('refused callers see the error that EC2 gives', () => {
  test.each([
    ['an image id that cannot be one', { ImageId: 'image' }, 'InvalidAMIID.Malformed', 400],
    ['an unknown instance type', { InstanceType: 'g9.huge' }, 'InvalidParameterValue', 400],
    ['an unknown zone', { Placement: { AvailabilityZone: 'eu-west-1a' } }, 'InvalidParameterValue', 400],
    ['fewer at most than at least', { MinCount: 3, MaxCount: 2 }, 'InvalidParameterValue', 400],
    ['none at all', { MinCount: 0, MaxCount: 0 }, 'InvalidParameterValue', 400],
    ['no image', { ImageId: undefined }, 'MissingParameter', 400],
    ['a parameter that RunInstances lacks', { LaunchTemplate: { LaunchTemplateId: 'lt-1' } }, 'UnknownParameter', 400],
    ['more vCPUs than the account may have', { InstanceType: 'p3.8xlarge', MinCount: 2, MaxCount: 2 }, 'VcpuLimitExceeded', 400],
    [
      'more spot instances than the account may have',
      { ...SPOT, MinCount: 30, MaxCount: 30 },
      'MaxSpotInstanceCountExceeded',
      400,
    ],
    [
      'a spot price below the market',
      { ...SPOT, InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { MaxPrice: '0.01' } } },
      'SpotMaxPriceTooLow',
      400,
    ],
    ['a dry run', { DryRun: true }, 'DryRunOperation', 412],
  ])('%s: %s', async (_, input, name, httpStatusCode) => {
    await using ec2 = await given();
    const error = await refusal(ec2.client().send(run(input as Partial<RunInstancesCommandInput>)));
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    const { Reservations } = await ec2.client().send(new DescribeInstancesCommand({}));
    expect(Reservations).toEqual([]);
  });

  test('launches fewer than the most where the limit has room for the least', async () => {
    await using ec2 = await given();
    expect(await launch(ec2.client(), { InstanceType: 'g5.12xlarge', MinCount: 1, MaxCount: 3 })).toHaveLength(1);
  });

  test('somebody who may not', async () => {
    await using ec2 = await given();
    await ec2.account.control({ type: 'set-permission', service: 'ec2', operation: 'RunInstances', isAllowed: false });
    expect(await refusal(ec2.client().send(run()))).toMatchObject({
      name: 'UnauthorizedOperation',
      message:
        'You are not authorized to perform this operation. User: arn:aws:sts::111122223333:assumed-role/squall-workload/serving ' +
        'is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111122223333:instance/* ' +
        'because no identity-based policy allows the ec2:RunInstances action.',
      $metadata: { httpStatusCode: 403 },
    });
    await ec2.client().send(new DescribeInstancesCommand({}));
    await ec2.account.control({ type: 'set-permission', service: 'ec2', operation: 'RunInstances', isAllowed: true });
    await ec2.client().send(run());
  });

  test('more launches than the bucket of RunInstances holds, while what has a bucket of its own goes on', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const launches = await Promise.all(Array.from({ length: 12 }, () => launch(client).catch((error: unknown) => error)));
    const throttled = launches.filter((each) => each instanceof Error);
    // Five at once, and two a second for as long as this takes.
    expect(launches.length - throttled.length).toBeGreaterThanOrEqual(5);
    expect(throttled[0]).toMatchObject({ name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 503 } });
    await client.send(new DescribeInstancesCommand({}));
    await launch(ec2.client(WEST));
  });

  test('one whose termination is forbidden', async () => {
    await using ec2 = await given();
    const client = ec2.client();
    const InstanceIds = [...(await launch(client)), ...(await launch(client, { DisableApiTermination: true }))];
    expect(await refusal(client.send(new TerminateInstancesCommand({ InstanceIds })))).toMatchObject({
      name: 'OperationNotPermitted',
    });
    expect((await stateOf(client, InstanceIds[0] ?? ''))?.State?.Name).toMatch(/pending|running/);
  });

  test.each([
    ['slow', -6 * 60_000],
    ['fast', 6 * 60_000],
  ])('a clock that is six minutes %s', async (_, systemClockOffset) => {
    await using ec2 = await given();
    const client = ec2.client(EAST, { systemClockOffset });
    expect(await refusal(client.send(new DescribeInstancesCommand({})))).toMatchObject({
      name: 'AuthFailure',
      $metadata: { httpStatusCode: 401 },
    });
  });
});
