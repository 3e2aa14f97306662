import { InstancesClient, type protos, ZoneOperationsClient } from '@google-cloud/compute';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TIMINGS } from '../../../mocks/google/compute/project.ts';
import { authOf, clientOptions, mountGoogleCloud, ONCE } from '../../support/google-cloud.ts';
import { instanceOf } from '../../support/google-compute.ts';
import { failureOf } from '../../support/google-predictions.ts';

type Instance = protos.google.cloud.compute.v1.IInstance;

const ZONE = 'us-central1-a';
const OTHER_ZONE = 'europe-west4-b';
const BOOT_MS = TIMINGS.provisioning + TIMINGS.staging;
const SPOT: Instance = { scheduling: { provisioningModel: 'SPOT' } };

let cloud: Awaited<ReturnType<typeof mountGoogleCloud>>;
let instances: InstancesClient;
let operations: ZoneOperationsClient;

/** Instances take their time by `setTimeout`; sockets and the client do not wait on it. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const scope = (zone = ZONE) => ({ project: cloud.projectId, zone });

const insert = async (name: string, { zone = ZONE, machineType = 'e2-small', more = {}, requestId = '' } = {}) => {
  const instanceResource = instanceOf(zone, name, machineType, more);
  const [made] = await instances.insert({ ...scope(zone), instanceResource, ...(requestId ? { requestId } : {}) }, ONCE);
  return made.latestResponse as protos.google.cloud.compute.v1.IOperation;
};
const running = async (name: string, options: Parameters<typeof insert>[1] = {}) => {
  const operation = await insert(name, options);
  await pass(BOOT_MS);
  return operation;
};
const poll = async (operation: string, zone = ZONE) => (await operations.get({ ...scope(zone), operation }, ONCE))[0];
const get = async (instance: string, zone = ZONE) => (await instances.get({ ...scope(zone), instance }, ONCE))[0];
const names = async (request: object = {}, zone = ZONE) =>
  (await instances.list({ ...scope(zone), ...request }, ONCE))[0].map(({ name }) => name);

beforeEach(async () => {
  cloud = await mountGoogleCloud();
  const options = clientOptions(cloud.origin('compute'), cloud.credential);
  instances = new InstancesClient(options);
  operations = new ZoneOperationsClient(options);
  // Signed with the true clock before timers stand still.
  await names();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all([instances.close(), operations.close(), cloud.close()]);
});

describe('given the Compute Engine client', () => {
  it('when it inserts an instance, then the instance goes through its life, and the operation tells', async () => {
    const { name: operation = '', status } = await insert('web');
    expect(status).toBe('RUNNING');
    expect(await get('web')).toMatchObject({ name: 'web', status: 'PROVISIONING', cpuPlatform: 'Intel Broadwell' });
    await pass(TIMINGS.provisioning);
    expect(await get('web')).toMatchObject({ status: 'STAGING' });
    expect(await poll(operation as string)).toMatchObject({ status: 'RUNNING', progress: 0 });
    await pass(TIMINGS.staging);
    expect(await get('web')).toMatchObject({ status: 'RUNNING' });
    expect(await poll(operation as string)).toMatchObject({
      status: 'DONE',
      operationType: 'insert',
      progress: 100,
      targetLink: expect.stringContaining(`/zones/${ZONE}/instances/web`),
      user: cloud.credential.clientEmail,
    });
  });

  it('when it is told project and zone by the environment, then it stands where the account does', async () => {
    const { GOOGLE_CLOUD_PROJECT: project = '', CLOUDSDK_COMPUTE_ZONE: zone = '' } = cloud.cloud.environment(cloud.origin);
    expect((await instances.list({ project, zone }, ONCE))[0]).toEqual([]);
  });

  it('when it waits for an operation, then the answer comes when the operation is done', async () => {
    const { name } = await insert('web');
    const waited = operations.wait({ ...scope(), operation: String(name) }, ONCE);
    // The request is on its way over a socket: time passes until it is answered.
    const ticking = (async () => {
      while ((await get('web')).status !== 'RUNNING') await pass(100);
    })();
    expect((await waited)[0]).toMatchObject({ status: 'DONE' });
    await ticking;
  });

  it('when it deletes an instance, then it stops and is gone', async () => {
    await running('web');
    const { id } = await get('web');
    expect(await get(String(id))).toMatchObject({ name: 'web' });
    const [deleted] = await instances.delete({ ...scope(), instance: 'web' }, ONCE);
    expect(await get('web')).toMatchObject({ status: 'STOPPING' });
    await pass(TIMINGS.stopping);
    expect(await poll(String(deleted.name))).toMatchObject({ status: 'DONE', operationType: 'delete' });
    expect(await failureOf(get('web'))).toMatchObject({
      code: 5,
      http: 404,
      message: `The resource 'projects/${cloud.projectId}/zones/${ZONE}/instances/web' was not found`,
    });
    expect(await names()).toEqual([]);
  });

  it('when an instance is deleted while it starts, then it does not come up', async () => {
    const { name } = await insert('web');
    await instances.delete({ ...scope(), instance: 'web' }, ONCE);
    await pass(BOOT_MS + TIMINGS.stopping);
    expect(await names()).toEqual([]);
    expect(await poll(String(name))).toMatchObject({ status: 'DONE' });
  });

  it('when it stops and starts one, then it is TERMINATED in between', async () => {
    await running('web');
    await instances.stop({ ...scope(), instance: 'web' }, ONCE);
    await pass(TIMINGS.stopping);
    expect(await get('web')).toMatchObject({ status: 'TERMINATED' });
    await instances.start({ ...scope(), instance: 'web' }, ONCE);
    await pass(TIMINGS.staging);
    expect(await get('web')).toMatchObject({ status: 'RUNNING' });
  });

  it('when it lists, then each zone has its own, by pages and filters', async () => {
    for (const name of ['c', 'a', 'b']) await insert(name, { machineType: 'e2-micro', more: { labels: { tier: name } } });
    await insert('far', { zone: OTHER_ZONE });
    expect(await names()).toEqual(['a', 'b', 'c']);
    expect(await names({}, OTHER_ZONE)).toEqual(['far']);
    const [page, , raw] = await instances.list({ ...scope(), maxResults: 2 }, { ...ONCE, autoPaginate: false });
    expect(page.map(({ name }) => name)).toEqual(['a', 'b']);
    const pageToken = String(raw?.nextPageToken);
    const [rest] = await instances.list({ ...scope(), maxResults: 2, pageToken }, { ...ONCE, autoPaginate: false });
    expect(rest.map(({ name }) => name)).toEqual(['c']);
    expect(await names({ filter: 'labels.tier = b' })).toEqual(['b']);
    expect(await names({ filter: '(status = PROVISIONING) AND (name != "a")' })).toEqual(['b', 'c']);
    expect(await names({ filter: 'name eq "[ab]"' })).toEqual(['a', 'b']);
    expect(await names({ orderBy: 'creationTimestamp desc' })).toEqual(['b', 'a', 'c']);
  });

  it('when it lists over all zones, then each stands under its own', async () => {
    await insert('near');
    await insert('far', { zone: OTHER_ZONE });
    const found: Record<string, readonly (string | null | undefined)[]> = {};
    for await (const [key, { instances: list }] of instances.aggregatedListAsync({ project: cloud.projectId }, ONCE)) {
      if (list?.length) found[key] = list.map(({ name }) => name);
    }
    expect(found).toEqual({ [`zones/${ZONE}`]: ['near'], [`zones/${OTHER_ZONE}`]: ['far'] });
  });

  it('when it repeats an insert under its request id, then one instance is made', async () => {
    const requestId = crypto.randomUUID();
    const [first, second] = [await insert('web', { requestId }), await insert('web', { requestId })];
    expect(second.name).toBe(first.name);
    expect(await failureOf(insert('web'))).toMatchObject({ http: 409, message: expect.stringContaining('already exists') });
  });
});

describe('given requests that are not right', () => {
  it.each([
    ['a name in capitals', 'Web', {}, "Invalid value for field 'resource.name': 'Web'."],
    ['no name', '', {}, "Invalid value for field 'resource.name': ''."],
    [
      'an unknown machine type',
      'web',
      { machineType: 'zones/z/machineTypes/q9-huge-3' },
      'The referenced resource does not exist.',
    ],
    ['no disks', 'web', { disks: [] }, 'No disks are specified.'],
    ['no network', 'web', { networkInterfaces: [] }, 'At least one network interface is required.'],
    [
      'a spot instance that restarts',
      'web',
      { scheduling: { preemptible: true, automaticRestart: true } },
      'AutomaticRestart is true',
    ],
    ['an unknown model', 'web', { scheduling: { provisioningModel: 'CHEAP' } }, 'The value must be one of [SPOT, STANDARD].'],
    [
      'a termination action without spot',
      'web',
      { scheduling: { instanceTerminationAction: 'DELETE' } },
      'standard provisioning model',
    ],
  ])('when it inserts with %s, then it is refused', async (_what, name, more, message) => {
    expect(await failureOf(insert(name, { more }))).toMatchObject({
      name: 'GoogleError',
      http: 400,
      code: 3,
      message: expect.stringContaining(message),
    });
    expect(await names()).toEqual([]);
  });

  it.each([
    ['an unknown zone', { zone: 'us-central1-z' }, 'Unknown zone.'],
    ['too large a page', { maxResults: 501 }, 'Values must be within the range: [0, 500]'],
    ['a foreign page token', { pageToken: 'abc' }, 'Invalid pageToken.'],
    ['a filter that is none', { filter: 'status' }, 'Invalid list filter expression.'],
  ])('when it lists with %s, then it is refused', async (_what, request, message) => {
    expect(await failureOf(names(request))).toMatchObject({ http: 400, message: expect.stringContaining(message) });
  });

  it("when the project is another, or the permission is taken, then it is forbidden in Compute Engine's words", async () => {
    const denied = {
      http: 403,
      code: 7,
      message: expect.stringMatching(/^Required 'compute.instances.list' permission for 'projects\//),
    };
    expect(await failureOf(names({ project: 'someone-elses' }))).toMatchObject(denied);
    await cloud.account.control({ type: 'set-permission', service: 'compute', operation: 'List', isAllowed: false });
    expect(await failureOf(names())).toMatchObject(denied);
    expect(await failureOf(get('nobody'))).toMatchObject({ http: 404 });
  });

  it('when the vCPUs of a region are used up, then the operation fails and no instance is made; another region has its own', async () => {
    await running('first', { machineType: 'e2-standard-16' });
    const { name } = await insert('second', { zone: 'us-central1-b', machineType: 'e2-standard-16' });
    const failed = await poll(String(name), 'us-central1-b');
    expect(failed).toMatchObject({ status: 'DONE', httpErrorStatusCode: 403 });
    expect(failed.error?.errors?.[0]).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: "Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1.",
    });
    expect(await names({}, 'us-central1-b')).toEqual([]);
    await running('other', { zone: OTHER_ZONE, machineType: 'e2-standard-16' });
    expect(await get('other', OTHER_ZONE)).toMatchObject({ status: 'RUNNING' });
  });
});

describe('given a rate that is exceeded', () => {
  it("when it calls once more, then it is a 403 of the front end's, with the quota's name and a reason of both kinds", async () => {
    await cloud.account.control({ type: 'set-quota', service: 'compute', region: 'global', requestsPerS: 1 });
    await names();
    const client = await authOf(cloud.credential).getClient();
    const url = `${cloud.origin('compute')}/compute/v1/projects/${cloud.projectId}/zones/${ZONE}/instances`;
    const headers = Object.fromEntries(await client.getRequestHeaders('https://compute.googleapis.com/'));
    const response = await fetch(url, { headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: {
        code: 403,
        status: 'PERMISSION_DENIED',
        message: expect.stringContaining("Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service"),
        errors: [{ domain: 'usageLimits', reason: 'rateLimitExceeded' }],
        details: [
          {
            reason: 'RATE_LIMIT_EXCEEDED',
            metadata: { quota_metric: 'compute.googleapis.com/default', quota_limit: 'defaultPerMinutePerProject' },
          },
          {},
        ],
      },
    });
    const missing = await fetch(`${url}/nobody`, { headers });
    expect(missing.status).toBe(403);
    await cloud.account.control({ type: 'set-quota', service: 'compute', region: 'global', requestsPerS: null });
    const { error } = (await (await fetch(`${url}/nobody`, { headers })).json()) as { error: object };
    expect(error).toEqual({ code: 404, message: expect.any(String), errors: [expect.objectContaining({ reason: 'notFound' })] });
  });
});

describe('given a zone without resources', () => {
  const exhausted = (zone: string, machineType: string) => ({
    status: 'DONE',
    httpErrorStatusCode: 503,
    httpErrorMessage: 'SERVICE UNAVAILABLE',
    error: {
      errors: [
        {
          code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
          message:
            `The zone 'projects/${cloud.projectId}/zones/${zone}' does not have enough resources available to fulfill the request.  ` +
            'Try a different zone, or try again later.',
          errorDetails: expect.arrayContaining([
            expect.objectContaining({
              errorInfo: expect.objectContaining({
                reason: 'resource_availability',
                domain: 'compute.googleapis.com',
                metadatas: expect.objectContaining({ vmType: machineType, zone }),
              }),
            }),
          ]),
        },
      ],
    },
  });
  const refusalOf = async (name: string, options: Parameters<typeof insert>[1] = {}) => {
    const operation = await insert(name, options);
    return poll(String(operation.name), options?.zone);
  };

  it('when Google takes a spot instance, then its zone has no spot capacity of its type until it is off', async () => {
    await running('spot', { more: SPOT });
    await cloud.account.control({ type: 'interrupt-instances', region: 'us-central1' });
    expect(await refusalOf('again', { more: SPOT })).toMatchObject(exhausted(ZONE, 'e2-small'));
    await pass(TIMINGS.preemptionNotice - 1);
    expect(await refusalOf('again', { more: SPOT })).toMatchObject(exhausted(ZONE, 'e2-small'));
    expect(await names()).toEqual(['spot']);
    await pass(1);
    await running('again', { more: SPOT });
    expect(await get('again')).toMatchObject({ status: 'RUNNING' });
  });

  it('when Google takes a spot instance, then other zones, other types and instances that are no spot are to be had', async () => {
    await running('spot', { more: SPOT });
    await cloud.account.control({ type: 'interrupt-instances', region: 'us-central1' });
    await running('elsewhere', { zone: 'us-central1-b', more: SPOT });
    await running('larger', { machineType: 'e2-medium', more: SPOT });
    await running('plain');
    expect(await get('elsewhere', 'us-central1-b')).toMatchObject({ status: 'RUNNING' });
    expect(await names({ filter: 'status = RUNNING' })).toEqual(['larger', 'plain']);
  });

  it('when one of two is started while the other is being taken, then it stays off', async () => {
    await running('first', { more: SPOT });
    await running('second', { more: SPOT });
    await instances.stop({ ...scope(), instance: 'second' }, ONCE);
    await pass(TIMINGS.stopping);
    await cloud.account.control({ type: 'interrupt-instances', region: '*' });
    const [started] = await instances.start({ ...scope(), instance: 'second' }, ONCE);
    expect(await poll(String(started.name))).toMatchObject(exhausted(ZONE, 'e2-small'));
    expect(await get('second')).toMatchObject({ status: 'TERMINATED' });
    await pass(TIMINGS.preemptionNotice);
    await instances.start({ ...scope(), instance: 'second' }, ONCE);
    await pass(TIMINGS.staging);
    expect(await get('second')).toMatchObject({ status: 'RUNNING' });
  });

  it('when its machines with GPUs are all given away, then the next zone has some, within the quota', async () => {
    await running('first', { machineType: 'g2-standard-12' });
    expect(await refusalOf('second', { machineType: 'g2-standard-8' })).toMatchObject(exhausted(ZONE, 'g2-standard-8'));
    await running('second', { zone: 'us-central1-b', machineType: 'g2-standard-8' });
    expect(await get('second', 'us-central1-b')).toMatchObject({ status: 'RUNNING' });
    await running('small', { machineType: 'g2-standard-4' });
    expect(await get('small')).toMatchObject({ status: 'RUNNING' });
    expect((await refusalOf('third', { zone: 'us-central1-b', machineType: 'g2-standard-4' })).error?.errors?.[0]).toMatchObject({
      code: 'QUOTA_EXCEEDED',
    });
  });
});

describe('given spot instances', () => {
  it('when their region is interrupted with a notice of its own, then they stop after that', async () => {
    await running('spot', { more: SPOT });
    await cloud.account.control({ type: 'interrupt-instances', region: 'us-central1', noticeMs: 5000 });
    await pass(4999);
    expect(await get('spot')).toMatchObject({ status: 'STOPPING' });
    await pass(1);
    expect(await get('spot')).toMatchObject({ status: 'TERMINATED' });
  });

  it('when their region is interrupted, then they stop after the notice, and an operation tells; others go on', async () => {
    await running('spot', { more: SPOT });
    await running('plain');
    await running('far', { zone: OTHER_ZONE, more: SPOT });
    await cloud.account.control({ type: 'interrupt-instances', region: 'us-central1' });

    expect(await get('spot')).toMatchObject({ status: 'STOPPING' });
    const filter = 'operationType="compute.instances.preempted"';
    const [preempted] = await operations.list({ ...scope(), filter }, ONCE);
    expect(preempted).toHaveLength(1);
    expect(preempted[0]).toMatchObject({
      status: 'DONE',
      user: 'system',
      targetLink: expect.stringMatching(/\/instances\/spot$/),
    });
    await pass(TIMINGS.preemptionNotice - 1);
    expect(await get('spot')).toMatchObject({ status: 'STOPPING' });
    await pass(1);
    expect(await get('spot')).toMatchObject({ status: 'TERMINATED' });
    expect(await get('plain')).toMatchObject({ status: 'RUNNING' });
    expect(await get('far', OTHER_ZONE)).toMatchObject({ status: 'RUNNING' });
  });

  it('when their termination action is DELETE, then they are gone after the notice', async () => {
    await running('spot', { more: { scheduling: { provisioningModel: 'SPOT', instanceTerminationAction: 'DELETE' } } });
    await cloud.account.control({ type: 'interrupt-instances', region: '*' });
    await pass(TIMINGS.preemptionNotice);
    expect(await names()).toEqual([]);
  });

  it('when they are asked for as preemptible, then they are spot', async () => {
    await running('old', { more: { scheduling: { preemptible: true } } });
    expect((await get('old')).scheduling).toMatchObject({
      preemptible: true,
      provisioningModel: 'SPOT',
      automaticRestart: false,
      onHostMaintenance: 'TERMINATE',
    });
  });
});

it('whatever is inserted and deleted, the zone lists what was inserted and not deleted', async () => {
  const step = fc.record({ name: fc.constantFrom('a', 'b', 'c'), isInsert: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      await cloud.account.control({ type: 'set-quota', region: '*', service: 'compute', requestsPerS: 10_000 });
      const expected = new Set<string>();
      for (const { name, isInsert } of steps) {
        const call = isInsert ? insert(name) : instances.delete({ ...scope(), instance: name }, ONCE);
        const isDone = await call.then(() => true).catch(() => false);
        expect(isDone).toBe(isInsert !== expected.has(name));
        if (isInsert) expected.add(name);
        else expected.delete(name);
        await pass(BOOT_MS + TIMINGS.stopping);
      }
      expect(await names()).toEqual([...expected].sort());
      for (const name of expected) await instances.delete({ ...scope(), instance: name }, ONCE);
      await pass(TIMINGS.stopping);
    }),
    { numRuns: 25 },
  );
});
