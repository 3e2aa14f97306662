import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AzureAccount } from '../../../mocks/azure/account.ts';
import { azureCloud } from '../../../mocks/azure/cloud.ts';
import { readMachine } from '../../../mocks/azure/compute/machine-input.ts';
import { OPERATION_MS } from '../../../mocks/azure/compute/machines.ts';
import { PREEMPT_NOTICE_MS } from '../../../mocks/azure/metadata/scheduled-events.ts';
import { openCloud } from '../../../mocks/cloud/cloud.ts';
import { EAST, WEST_EUROPE } from '../../support/azure-cloud.ts';
import { stubModels } from '../../support/model.ts';

const EVENTS = '/metadata/scheduledevents?api-version=2020-07-01';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 25, 1, 0, 0) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A spot machine in a region, and what its metadata endpoint answers. */
const given = async () => {
  const cloud = await openCloud(azureCloud, { models: stubModels });
  const account = cloud.account as AzureAccount;
  const body = {
    location: EAST,
    properties: {
      hardwareProfile: { vmSize: 'Standard_D2s_v3' },
      storageProfile: { imageReference: { id: '/subscriptions/s/images/i' } },
      networkProfile: { networkInterfaces: [{ id: '/subscriptions/s/nic' }] },
      priority: 'Spot',
    },
  };
  account.machines.put('squall', 'spot', readMachine(body, account.regions, false));
  await vi.advanceTimersByTimeAsync(OPERATION_MS.create);
  const ask = async (path: string, init: RequestInit = {}, region = EAST) => {
    const endpoint = cloud.endpoints.find(({ spec, region: at }) => spec.service === 'instance-metadata' && at === region);
    const request = new Request(`http://169.254.169.254${path}`, { headers: { metadata: 'true' }, ...init });
    const response = await endpoint?.fetch(request);
    return { status: response?.status, body: await response?.text().then((text) => (text ? JSON.parse(text) : undefined)) };
  };
  return { account, ask, powerState: () => account.machines.find('squall', 'spot')?.powerState };
};

describe('an eviction', () => {
  test('is announced thirty seconds before it begins', async () => {
    const { account, ask, powerState } = await given();
    expect((await ask(EVENTS)).body).toEqual({ DocumentIncarnation: 1, Events: [] });
    await account.control({ type: 'interrupt-instances', region: EAST });
    const { body } = await ask(EVENTS);
    expect(body).toMatchObject({
      DocumentIncarnation: 2,
      Events: [
        {
          EventType: 'Preempt',
          EventStatus: 'Scheduled',
          ResourceType: 'VirtualMachine',
          Resources: ['spot'],
          EventSource: 'Platform',
          NotBefore: new Date(Date.now() + 30_000).toUTCString(),
        },
      ],
    });
    expect((await ask(EVENTS, {}, WEST_EUROPE)).body.Events).toEqual([]);

    await vi.advanceTimersByTimeAsync(PREEMPT_NOTICE_MS - 1);
    expect(powerState()).toBe('running');
    await vi.advanceTimersByTimeAsync(1);
    expect(powerState()).toBe('deallocating');
    expect((await ask(EVENTS)).body.Events).toMatchObject([{ EventStatus: 'Started', NotBefore: '' }]);
    await vi.advanceTimersByTimeAsync(OPERATION_MS.deallocate);
    expect(powerState()).toBe('deallocated');
    expect((await ask(EVENTS)).body.Events).toEqual([]);
  });

  test('is announced as long before it begins as it is told', async () => {
    const { account, ask, powerState } = await given();
    await account.control({ type: 'interrupt-instances', region: EAST, noticeMs: 5000 });
    expect((await ask(EVENTS)).body.Events).toMatchObject([{ NotBefore: new Date(Date.now() + 5000).toUTCString() }]);
    await vi.advanceTimersByTimeAsync(4999);
    expect(powerState()).toBe('running');
    await vi.advanceTimersByTimeAsync(1);
    expect(powerState()).toBe('deallocating');
  });

  test('begins at once when it is acknowledged, and only then', async () => {
    const { account, ask, powerState } = await given();
    await account.control({ type: 'interrupt-instances', region: '*' });
    const [event] = (await ask(EVENTS)).body.Events;
    const post = (body: unknown) => ask(EVENTS, { method: 'POST', body: JSON.stringify(body) });
    for (const bad of [{}, { StartRequests: [] }, { StartRequests: [{}] }, { StartRequests: [{ EventId: 'nobody' }] }, null]) {
      expect((await post(bad)).status).toBe(400);
      // Five requests a second are taken.
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(powerState()).toBe('running');
    expect((await post({ StartRequests: [{ EventId: event.EventId }] })).status).toBe(200);
    expect(powerState()).toBe('deallocating');
  });

  test('spares a machine that has been deallocated meanwhile', async () => {
    const { account, powerState } = await given();
    await account.control({ type: 'interrupt-instances', region: EAST });
    const machine = account.machines.find('squall', 'spot');
    if (!machine) throw new Error('no machine');
    account.machines.act(machine, 'deallocate');
    await vi.advanceTimersByTimeAsync(PREEMPT_NOTICE_MS + OPERATION_MS.deallocate);
    expect(powerState()).toBe('deallocated');
  });

  test('needs a region that is there', async () => {
    const { account } = await given();
    await expect(account.control({ type: 'interrupt-instances', region: 'mars' })).rejects.toThrow(TypeError);
  });
});

describe('the metadata endpoint', () => {
  test('takes five requests a second', async () => {
    const { ask } = await given();
    const statuses = await Promise.all(Array.from({ length: 6 }, async () => (await ask(EVENTS)).status));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await ask(EVENTS)).status).toBe(200);
  });

  test('refuses without the header, with a forwarded one, and without a version that it knows', async () => {
    const { ask } = await given();
    expect(await ask(EVENTS, { headers: {} })).toEqual({
      status: 400,
      body: { error: 'Bad request. Required metadata header not specified' },
    });
    expect((await ask(EVENTS, { headers: { metadata: 'true', 'x-forwarded-for': '10.0.0.1' } })).status).toBe(400);
    expect((await ask('/metadata/scheduledevents')).status).toBe(400);
    expect((await ask('/metadata/scheduledevents?api-version=1999-01-01')).status).toBe(400);
    expect((await ask('/metadata/nothing?api-version=2020-07-01')).status).toBe(404);
    expect((await ask(EVENTS, { method: 'PUT' })).status).toBe(405);
  });

  test('names the three newest versions to whoever names none that it knows', async () => {
    const { ask } = await given();
    for (const query of ['', '?api-version=1999-01-01']) {
      expect(await ask(`/metadata/scheduledevents${query}`)).toEqual({
        status: 400,
        body: {
          error:
            'Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds',
          'newest-versions': ['2020-07-01', '2019-08-01', '2019-04-01'],
        },
      });
    }
  });

  test('takes twenty requests for tokens a second, counted apart from the others', async () => {
    const { ask } = await given();
    const path = '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/';
    const statusesOf = async (count: number, of: string) =>
      Promise.all(Array.from({ length: count }, async () => (await ask(of)).status));
    expect((await statusesOf(21, path)).filter((status) => status === 200)).toHaveLength(20);
    expect(await statusesOf(6, EVENTS)).toEqual([200, 200, 200, 200, 200, 429]);
  });

  test('issues a token of the managed identity, which Resource Manager takes', async () => {
    const { account, ask } = await given();
    const path = '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=';
    const { status, body } = await ask(`${path}https://management.azure.com/`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', client_id: account.app.clientId, expires_in: '3599' });
    expect(await account.authority.verify(body.access_token, ['https://management.azure.com/'])).toMatchObject({ type: 'good' });
    expect((await ask(`${path}https://nobody.example`)).body).toMatchObject({ error: 'invalid_resource' });
    expect((await ask(path)).body).toMatchObject({ error: 'invalid_request' });
  });
});

describe('the instance', () => {
  const INSTANCE = '/metadata/instance';
  const VERSION = 'api-version=2021-02-01';

  /** What is answered as it is: a value is no JSON. */
  const given = async () => {
    const cloud = await openCloud(azureCloud, { models: stubModels });
    const account = cloud.account as AzureAccount;
    const endpoint = cloud.endpoints.find(({ spec, region }) => spec.service === 'instance-metadata' && region === EAST);
    const ask = async (path: string, headers: Record<string, string> = { metadata: 'true' }, method = 'GET') => {
      // Five requests a second are taken.
      await vi.advanceTimersByTimeAsync(1000);
      return endpoint!.fetch(new Request(`http://169.254.169.254${path}`, { headers, method }));
    };
    return { account, ask };
  };
  type Document = { compute: Record<string, unknown>; network: { interface: unknown[] } };

  test('is the machine that was created last in the region, and before any the one that the workload stands on', async () => {
    const { account, ask } = await given();
    const own = (await (await ask(`${INSTANCE}?${VERSION}`)).json()) as Document;
    expect(own.compute).toMatchObject({
      name: 'squall',
      location: EAST,
      subscriptionId: account.subscriptionId,
      priority: 'Regular',
    });
    expect(own.network.interface).toHaveLength(1);
    expect(await (await ask(`${INSTANCE}?${VERSION}`)).json()).toEqual(own);

    const create = (name: string, location: string) => {
      const body = {
        location,
        tags: { team: 'a' },
        properties: {
          hardwareProfile: { vmSize: 'Standard_D4s_v3' },
          storageProfile: { imageReference: { publisher: 'Canonical', offer: 'server', sku: '24_04-lts', version: 'latest' } },
          networkProfile: { networkInterfaces: [{ id: '/subscriptions/s/nic' }] },
          priority: 'Spot',
        },
      };
      return account.machines.put('squall', name, readMachine(body, account.regions, false)).machine;
    };
    const { vmId, id } = create('here', EAST);
    create('elsewhere', WEST_EUROPE);
    const { compute } = (await (await ask(`${INSTANCE}?${VERSION}`)).json()) as Document;
    expect(compute).toMatchObject({ name: 'here', vmId, resourceId: id, vmSize: 'Standard_D4s_v3', priority: 'Spot' });
    expect(compute).toMatchObject({
      publisher: 'Canonical',
      sku: '24_04-lts',
      tags: 'team:a',
      tagsList: [{ name: 'team', value: 'a' }],
    });
  });

  test('is read in part: objects as JSON, values as text', async () => {
    const { ask } = await given();
    const { compute } = (await (await ask(`${INSTANCE}?${VERSION}`)).json()) as Document;
    expect(await (await ask(`${INSTANCE}/compute?${VERSION}`)).json()).toEqual(compute);
    expect(await (await ask(`${INSTANCE}/compute/vmSize?${VERSION}&format=text`)).text()).toBe(compute.vmSize);
    const address = `${INSTANCE}/network/interface/0/ipv4/ipAddress/0/privateIpAddress?${VERSION}&format=text`;
    expect(await (await ask(address)).text()).toBe('10.0.0.4');
    expect(await (await ask(`${INSTANCE}?${VERSION}&format=text`)).text()).toBe('compute/\nnetwork/');
    expect((await ask(`${INSTANCE}/compute/vmSize?${VERSION}`)).status).toBe(400);
  });

  test('is refused without the header or a version, and where there is nothing', async () => {
    const { ask } = await given();
    expect((await ask(`${INSTANCE}?${VERSION}`, {})).status).toBe(400);
    expect((await ask(INSTANCE)).status).toBe(400);
    expect((await ask(`${INSTANCE}?api-version=2001-01-01`)).status).toBe(400);
    expect((await ask(`${INSTANCE}?${VERSION}&format=xml`)).status).toBe(400);
    for (const path of ['/nothing', '/compute/toString', '/compute/vmSize/length', '/network/interface/1']) {
      expect((await ask(`${INSTANCE}${path}?${VERSION}`)).status, path).toBe(404);
    }
    expect((await ask(`${INSTANCE}?${VERSION}`, { metadata: 'true' }, 'POST')).status).toBe(405);
  });
});
