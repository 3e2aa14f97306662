import common from 'oci-common';
import core from 'oci-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mount } from '../../../harness/world/live/mount.ts';
import { failureResponse } from '../../../mocks/oracle/errors.ts';
import { ASHBURN, computeClient, FRANKFURT, launchDetails, mountOracle, providerOf, refusal } from '../../support/oracle.ts';

const { LifecycleState } = core.models.Instance;
const GPU = { shape: 'VM.GPU.A10.1' };
const PREEMPTIBLE = {
  preemptibleInstanceConfig: {
    preemptionAction: { type: 'TERMINATE', preserveBootVolume: false } as core.models.TerminatePreemptionAction,
  },
};

beforeEach(() => {
  // Oracle's SDK tells the console of every error that it throws.
  vi.spyOn(console, 'warn').mockReturnValue();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Oracle = Awaited<ReturnType<typeof mountOracle>>;

const launch = async (
  oracle: Oracle,
  changes: Partial<core.models.LaunchInstanceDetails> = {},
  { region = ASHBURN, opcRetryToken }: { readonly region?: string; readonly opcRetryToken?: string } = {},
) =>
  (
    await oracle.compute(region).launchInstance({
      launchInstanceDetails: launchDetails(oracle.account.regionOf(region), changes),
      ...(opcRetryToken === undefined ? {} : { opcRetryToken }),
    })
  ).instance;

/** Asks until the instance is in the state. */
const arrive = (client: core.ComputeClient, instanceId: string, state: core.models.Instance.LifecycleState) =>
  vi.waitFor(
    async () => {
      const { instance } = await client.getInstance({ instanceId });
      expect(instance.lifecycleState).toBe(state);
      return instance;
    },
    { timeout: 10_000, interval: 100 },
  );

describe('oci-core, unmodified', () => {
  test('launches an instance in each region, that runs after a while, stops, starts and is terminated', async () => {
    await using oracle = await mountOracle();
    const launched = await launch(oracle, { displayName: 'server', freeformTags: { team: 'serving' } });
    expect(launched).toMatchObject({
      id: expect.stringMatching(/^ocid1\.instance\.oc1\.iad\.[a-z2-7]{60}$/),
      displayName: 'server',
      lifecycleState: 'PROVISIONING',
      region: 'iad',
      shapeConfig: { ocpus: 1, memoryInGBs: 16 },
    });
    const client = oracle.compute();
    await arrive(client, launched.id, LifecycleState.Running);
    const action = (of: core.requests.InstanceActionRequest['action']) =>
      client.instanceAction({ instanceId: launched.id, action: of });
    expect((await action('STOP')).instance.lifecycleState).toBe('STOPPING');
    expect(await refusal(action('START'))).toMatchObject({ statusCode: 409, serviceCode: 'IncorrectState' });
    await arrive(client, launched.id, LifecycleState.Stopped);
    await action('START');
    await arrive(client, launched.id, LifecycleState.Running);
    await client.terminateInstance({ instanceId: launched.id });
    expect((await client.getInstance({ instanceId: launched.id })).instance.lifecycleState).toBe('TERMINATING');
    await arrive(client, launched.id, LifecycleState.Terminated);
    expect(await refusal(client.terminateInstance({ instanceId: launched.id }))).toMatchObject({ statusCode: 409 });

    const there = await launch(oracle, {}, { region: FRANKFURT });
    expect(there).toMatchObject({ region: 'eu-frankfurt-1', id: expect.stringContaining('.eu-frankfurt-1.') });
    expect(await refusal(client.getInstance({ instanceId: there.id }))).toMatchObject({ statusCode: 404 });
  });

  test('pages through what it lists, newest first, and filters', async () => {
    await using oracle = await mountOracle();
    const names = ['one', 'two', 'three'];
    for (const displayName of names) await launch(oracle, { displayName });
    const client = oracle.compute();
    const compartmentId = oracle.account.tenancy;
    const listed: string[] = [];
    for await (const { displayName = '' } of client.listAllInstances({ compartmentId, limit: 2 })) listed.push(displayName);
    expect(listed).toEqual(names.toReversed());
    expect((await client.listInstances({ compartmentId, limit: 2 })).opcNextPage).toEqual(expect.any(String));
    const sorted = await client.listInstances({ compartmentId, sortBy: core.requests.ListInstancesRequest.SortBy.Displayname });
    expect(sorted.items.map(({ displayName }) => displayName)).toEqual(names.toSorted());
    expect((await client.listInstances({ compartmentId, displayName: 'two' })).items).toHaveLength(1);
    expect((await client.listInstances({ compartmentId, lifecycleState: 'STOPPED' })).items).toEqual([]);
    expect(await refusal(client.listInstances({ compartmentId, page: 'nonsense' }))).toMatchObject({
      serviceCode: 'InvalidParameter',
    });
    expect(await refusal(client.listInstances({ compartmentId, limit: 0.5 }))).toMatchObject({ serviceCode: 'InvalidParameter' });
  });

  test('finds what a launch needs', async () => {
    await using oracle = await mountOracle();
    const compartmentId = oracle.account.tenancy;
    const client = oracle.compute();
    const { items: shapes } = await client.listShapes({ compartmentId });
    expect(shapes.map(({ shape }) => shape)).toContain('VM.GPU.A10.1');
    expect(shapes.find(({ shape }) => shape === 'VM.Standard.E5.Flex')).toMatchObject({
      ocpuOptions: { min: 1, max: 126 },
      memoryOptions: { minInGBs: 1, maxInGBs: 1049, maxPerOcpuInGBs: 64 },
    });
    const { items: images } = await client.listImages({ compartmentId });
    const network = new core.VirtualNetworkClient({ authenticationDetailsProvider: providerOf(oracle.account.credential) });
    network.endpoint = oracle.originOf('compute', ASHBURN);
    const { items: subnets } = await network.listSubnets({ compartmentId });
    const launched = await launch(oracle, {
      sourceDetails: { sourceType: 'image', imageId: images[1]?.id ?? '' } as core.models.InstanceSourceViaImageDetails,
      createVnicDetails: { subnetId: subnets[0]?.id ?? '' },
    });
    expect(launched.imageId).toBe(images[1]?.id);
  });

  test('launches once for one retry token, until the instance is gone', async () => {
    await using oracle = await mountOracle();
    const token = { opcRetryToken: crypto.randomUUID() };
    const first = await launch(oracle, {}, token);
    expect((await launch(oracle, {}, token)).id).toBe(first.id);
    expect(await refusal(launch(oracle, { displayName: 'another' }, token))).toMatchObject({
      serviceCode: 'InvalidatedRetryToken',
    });
    await oracle.compute().terminateInstance({ instanceId: first.id });
    expect(await refusal(launch(oracle, {}, token))).toMatchObject({ statusCode: 409, serviceCode: 'InvalidatedRetryToken' });
  });

  test('renames an instance whose etag it knows', async () => {
    await using oracle = await mountOracle();
    const { id: instanceId } = await launch(oracle);
    const client = oracle.compute();
    const rename = (ifMatch: string) =>
      client.updateInstance({ instanceId, ifMatch, updateInstanceDetails: { displayName: 'renamed' } });
    const { etag } = await client.getInstance({ instanceId });
    expect(await refusal(rename('stale'))).toMatchObject({ statusCode: 412, serviceCode: 'NoEtagMatch' });
    expect((await rename(etag)).instance.displayName).toBe('renamed');
    expect(await refusal(rename(etag))).toMatchObject({ statusCode: 412 });
  });
});

describe('preemptible instances', () => {
  test('are taken after their notice, and no others', async () => {
    await using oracle = await mountOracle();
    const [taken, kept] = [await launch(oracle, PREEMPTIBLE), await launch(oracle)];
    const client = oracle.compute();
    expect((await client.getInstance({ instanceId: taken.id })).instance.preemptibleInstanceConfig?.preemptionAction.type).toBe(
      'TERMINATE',
    );
    await arrive(client, kept.id, LifecycleState.Running);
    await arrive(client, taken.id, LifecycleState.Running);
    const { instances } = oracle.account.regionOf(ASHBURN);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    await oracle.account.control({ type: 'interrupt-instances', region: ASHBURN });
    vi.advanceTimersByTime(29_999);
    expect(instances.find(taken.id)?.lifecycleState).toBe('RUNNING');
    vi.advanceTimersByTime(1);
    expect(instances.find(taken.id)?.lifecycleState).toBe('TERMINATING');
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect((await client.getInstance({ instanceId: taken.id })).instance.lifecycleState).toBe('TERMINATED');
    expect((await client.getInstance({ instanceId: kept.id })).instance.lifecycleState).toBe('RUNNING');
  });

  test('are terminated after another notice, where one is given', async () => {
    await using oracle = await mountOracle();
    const { id } = await launch(oracle, PREEMPTIBLE);
    await arrive(oracle.compute(), id, LifecycleState.Running);
    const { instances } = oracle.account.regionOf(ASHBURN);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    await oracle.account.control({ type: 'interrupt-instances', region: ASHBURN, noticeMs: 5000 });
    vi.advanceTimersByTime(4999);
    expect(instances.find(id)?.lifecycleState).toBe('RUNNING');
    vi.advanceTimersByTime(1);
    expect(instances.find(id)?.lifecycleState).toBe('TERMINATING');
    vi.useRealTimers();
  });

  test('are neither stopped nor bare metal', async () => {
    await using oracle = await mountOracle();
    const { id: instanceId } = await launch(oracle, PREEMPTIBLE);
    expect(await refusal(oracle.compute().instanceAction({ instanceId, action: 'STOP' }))).toMatchObject({
      serviceCode: 'InvalidParameter',
    });
    expect(await refusal(launch(oracle, { shape: 'BM.GPU.A10.4', ...PREEMPTIBLE }))).toMatchObject({
      serviceCode: 'InvalidParameter',
    });
  });
});

test('a large flexible instance whose memory is left open has no more than the shape can have', async () => {
  await using oracle = await mountOracle();
  const { shapeConfig } = await launch(oracle, { shapeConfig: { ocpus: 90 } });
  expect(shapeConfig).toMatchObject({ ocpus: 90, memoryInGBs: 1049 });
});

describe('launches that cannot be', () => {
  test('an availability domain without hosts, then a limit, each with Oracle’s own words', async () => {
    await using oracle = await mountOracle();
    const [first = '', second = '', third = ''] = oracle.account.regionOf(ASHBURN).availabilityDomains;
    const inDomain = (availabilityDomain: string) => launch(oracle, { ...GPU, availabilityDomain });
    await inDomain(first);
    await inDomain(first);
    expect(await refusal(inDomain(first))).toMatchObject({
      statusCode: 500,
      serviceCode: 'InternalError',
      message: 'Out of host capacity.',
    });
    await inDomain(second);
    const { id: instanceId } = await inDomain(second);
    const error = await refusal(inDomain(third));
    expect(error).toBeInstanceOf(common.OciError);
    expect(error).toMatchObject({
      statusCode: 400,
      serviceCode: 'LimitExceeded',
      message: expect.stringContaining('gpu-a10-count'),
    });
    const client = oracle.compute();
    await client.terminateInstance({ instanceId });
    await arrive(client, instanceId, LifecycleState.Terminated);
    expect((await inDomain(third)).shapeConfig?.gpus).toBe(1);
  });

  test.each([
    ['no shape', { shape: undefined }, 400, 'MissingParameter'],
    ['a shape that is not there', { shape: 'VM.Other' }, 404, 'NotAuthorizedOrNotFound'],
    ['no size of a flexible shape', { shapeConfig: undefined }, 400, 'MissingParameter'],
    ['a size that is too large', { shapeConfig: { ocpus: 127 } }, 400, 'InvalidParameter'],
    ['too much memory', { shapeConfig: { ocpus: 1, memoryInGBs: 65 } }, 400, 'InvalidParameter'],
    ['too much memory in all', { shapeConfig: { ocpus: 90, memoryInGBs: 1050 } }, 400, 'InvalidParameter'],
    ['less memory than OCPUs', { shapeConfig: { ocpus: 8, memoryInGBs: 7 } }, 400, 'InvalidParameter'],
    ['another availability domain', { availabilityDomain: 'Uocm:PHX-AD-1' }, 400, 'InvalidParameter'],
    ['another compartment', { compartmentId: 'ocid1.compartment.oc1..a' }, 404, 'NotAuthorizedOrNotFound'],
    [
      'another image',
      { sourceDetails: { sourceType: 'image', imageId: 'ocid1.image.oc1.iad.a' } },
      404,
      'NotAuthorizedOrNotFound',
    ],
    ['no image', { sourceDetails: undefined }, 400, 'MissingParameter'],
    ['no subnet', { createVnicDetails: undefined }, 400, 'MissingParameter'],
    ['another subnet', { createVnicDetails: { subnetId: 'ocid1.subnet.oc1.iad.a' } }, 404, 'NotAuthorizedOrNotFound'],
    ['metadata without end', { metadata: { user_data: 'a'.repeat(32_001) } }, 400, 'InvalidParameter'],
    ['a name without end', { displayName: 'a'.repeat(256) }, 400, 'InvalidParameter'],
    ['tags of another type', { freeformTags: { count: 1 } }, 400, 'InvalidParameter'],
    ['another fault domain', { faultDomain: 'FAULT-DOMAIN-4' }, 400, 'InvalidParameter'],
  ])('%s', async (_, changes, statusCode, serviceCode) => {
    await using oracle = await mountOracle();
    expect(await refusal(launch(oracle, changes as never))).toMatchObject({ statusCode, serviceCode });
    expect(oracle.account.regionOf(ASHBURN).instances.all).toEqual([]);
  });
});

describe('refused callers see the error that Oracle gives', () => {
  test.each([
    ['a key of somebody else', 'privateKey'],
    ['another user', 'user'],
    ['another tenancy', 'tenancy'],
    ['an unknown fingerprint', 'fingerprint'],
  ])('%s', async (_, part) => {
    await using oracle = await mountOracle();
    await using other = await mountOracle();
    const credential = { ...oracle.account.credential, [part]: other.account.credential[part] ?? '' };
    const call = oracle.compute(ASHBURN, credential).listInstances({ compartmentId: oracle.account.tenancy });
    expect(await refusal(call)).toMatchObject({
      statusCode: 401,
      serviceCode: 'NotAuthenticated',
      message: 'The required information to complete authentication was not provided or was incorrect.',
      opcRequestId: expect.stringMatching(/^\S+\/[0-9A-F]{32}\/[0-9A-F]{32}$/),
    });
  });

  test.each([
    ['slow', -6 * 60_000],
    ['fast', 6 * 60_000],
  ])('a clock that is six minutes %s', async (_, clockOffsetMs) => {
    await using oracle = await mountOracle();
    const client = computeClient(oracle.originOf('compute', ASHBURN), oracle.account.credential, clockOffsetMs);
    expect(await refusal(client.listInstances({ compartmentId: oracle.account.tenancy }))).toMatchObject({
      statusCode: 401,
      serviceCode: 'NotAuthenticated',
      // As users report it: the caller's date, and the service's, all in UTC.
      message: expect.stringMatching(
        /^Date '\w{3}, [^']+ UTC' is not within allowed clock skew\. Current '[^']+ UTC', valid datetime range: \['[^']+ UTC', '[^']+ UTC'\]$/,
      ),
    });
  });

  test('a key that was deleted, until its replacement is there', async () => {
    await using oracle = await mountOracle();
    const client = oracle.compute();
    const list = () => client.listInstances({ compartmentId: oracle.account.tenancy });
    await list();
    await oracle.account.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    expect(await refusal(list())).toMatchObject({ statusCode: 401 });
    expect((await oracle.compute().listInstances({ compartmentId: oracle.account.tenancy })).items).toEqual([]);
  });

  test('an operation that was taken from them, and no other', async () => {
    await using oracle = await mountOracle();
    await oracle.account.control({ type: 'set-permission', service: 'compute', operation: 'LaunchInstance', isAllowed: false });
    expect(await refusal(launch(oracle))).toMatchObject({ statusCode: 404, serviceCode: 'NotAuthorizedOrNotFound' });
    expect((await oracle.compute().listInstances({ compartmentId: oracle.account.tenancy })).items).toEqual([]);
  });

  test('above their rate in one region', async () => {
    await using oracle = await mountOracle();
    await oracle.account.control({ type: 'set-quota', region: ASHBURN, service: 'compute', requestsPerS: 0.001 });
    const list = (region: string) => oracle.compute(region).listInstances({ compartmentId: oracle.account.tenancy });
    await list(ASHBURN);
    expect(await refusal(list(ASHBURN))).toMatchObject({
      statusCode: 429,
      serviceCode: 'TooManyRequests',
      message: 'Too many requests for the user',
    });
    expect((await list(FRANKFURT)).items).toEqual([]);
  });

  test('a service that is down', async () => {
    await using oracle = await mountOracle();
    const down = await mount(async () => failureResponse('unavailable'));
    const error = await refusal(computeClient(down.origin, oracle.account.credential).listInstances({ compartmentId: 'any' }));
    await down.close();
    expect(error).toMatchObject({ statusCode: 503, serviceCode: 'ServiceUnavailable' });
  });
});
