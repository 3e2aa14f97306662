import type { VirtualMachine } from '@azure/arm-compute';
import type { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import {
  computeClient,
  EAST,
  machineIn,
  mountAzureCloud,
  refusalOf,
  signIn,
  signInForged,
  WEST_EUROPE,
} from '../../support/azure-cloud.ts';

const GROUP = 'squall';
const spot = (location: string, changes: Partial<VirtualMachine> = {}) =>
  machineIn(location, { priority: 'Spot', evictionPolicy: 'Deallocate', billingProfile: { maxPrice: -1 }, ...changes });

const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('@azure/arm-compute, unmodified', () => {
  test.concurrent('creates, lists, stops, starts and deletes a machine, each as a long-running operation', async () => {
    await using azure = await mountAzureCloud();
    const { virtualMachines } = computeClient(azure, EAST);
    const stateOf = async (name: string) => {
      const { statuses = [] } = await virtualMachines.instanceView(GROUP, name);
      return statuses.map(({ code }) => code);
    };

    const creating = virtualMachines.createOrUpdate(GROUP, 'one', machineIn(EAST, { tags: { owner: 'test' } }));
    await creating.submitted();
    expect(creating.operationState?.status).toBe('running');
    expect(await virtualMachines.get(GROUP, 'one')).toMatchObject({ provisioningState: 'Creating' });
    const created = await creating.pollUntilDone();
    expect(created).toMatchObject({
      name: 'one',
      location: EAST,
      tags: { owner: 'test' },
      provisioningState: 'Succeeded',
      hardwareProfile: { vmSize: 'Standard_D2s_v3' },
      vmId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(JSON.stringify(created)).not.toContain('Correct-horse-7');
    expect(await stateOf('one')).toEqual(['ProvisioningState/succeeded', 'PowerState/running']);

    expect((await collect(virtualMachines.list(GROUP))).map(({ name }) => name)).toEqual(['one']);
    expect((await collect(virtualMachines.listByLocation(EAST))).map(({ name }) => name)).toEqual(['one']);
    expect(await collect(virtualMachines.listByLocation(WEST_EUROPE))).toEqual([]);

    await virtualMachines.deallocate(GROUP, 'one');
    expect(await stateOf('one')).toEqual(['ProvisioningState/succeeded', 'PowerState/deallocated']);
    await virtualMachines.start(GROUP, 'one');
    expect(await stateOf('one')).toEqual(['ProvisioningState/succeeded', 'PowerState/running']);

    await virtualMachines.delete(GROUP, 'one');
    expect(await refusalOf(virtualMachines.get(GROUP, 'one'))).toMatchObject({ code: 'ResourceNotFound', status: 404 });
    // Deleting what is not there is no error.
    await virtualMachines.delete(GROUP, 'one');
  });

  test.concurrent('puts back what it got, and changes a tag', async () => {
    await using azure = await mountAzureCloud();
    const { virtualMachines } = computeClient(azure, WEST_EUROPE);
    const machine = await virtualMachines.createOrUpdate(GROUP, 'one', machineIn(WEST_EUROPE));
    const put = await virtualMachines.createOrUpdate(GROUP, 'one', { ...machine, tags: { colour: 'green' } });
    expect(put).toMatchObject({ vmId: machine.vmId, tags: { colour: 'green' } });
    const patched = await virtualMachines.update(GROUP, 'one', { tags: { colour: 'blue' } });
    expect(patched).toMatchObject({ vmId: machine.vmId, tags: { colour: 'blue' }, provisioningState: 'Succeeded' });
  });

  test.concurrent('sees a spot machine deallocated when its region is interrupted, after the event is acknowledged', async ({
    expect,
  }) => {
    await using azure = await mountAzureCloud();
    const { virtualMachines } = computeClient(azure, EAST);
    await Promise.all([
      virtualMachines.createOrUpdate(GROUP, 'spot', spot(EAST)),
      virtualMachines.createOrUpdate(GROUP, 'gone', spot(EAST, { evictionPolicy: 'Delete' })),
      virtualMachines.createOrUpdate(GROUP, 'regular', machineIn(EAST)),
      virtualMachines.createOrUpdate(GROUP, 'elsewhere', spot(WEST_EUROPE)),
    ]);
    await azure.account.control({ type: 'interrupt-instances', region: EAST });

    const url = `${azure.originOf('instance-metadata', EAST)}/metadata/scheduledevents?api-version=2020-07-01`;
    const headers = { Metadata: 'true' };
    const readEvents = async () =>
      (await (await fetch(url, { headers })).json()) as { Events: { EventId: string; Resources: string[] }[] };
    const { Events } = await readEvents();
    expect(Events.flatMap(({ Resources }) => Resources).toSorted()).toEqual(['gone', 'spot']);
    const StartRequests = Events.map(({ EventId }) => ({ EventId }));
    expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify({ StartRequests }) })).status).toBe(200);

    await expect.poll(async () => (await readEvents()).Events, { timeout: 5000 }).toEqual([]);
    const powerOf = async (name: string) => (await virtualMachines.instanceView(GROUP, name)).statuses?.[1]?.code;
    expect(await powerOf('spot')).toBe('PowerState/deallocated');
    expect(await powerOf('regular')).toBe('PowerState/running');
    expect(await powerOf('elsewhere')).toBe('PowerState/running');
    expect(await refusalOf(virtualMachines.get(GROUP, 'gone'))).toMatchObject({ code: 'ResourceNotFound' });
  });

  test.concurrent('follows the next link of a list of many', async () => {
    await using azure = await mountAzureCloud();
    const { machines } = azure.account;
    const names = Array.from({ length: 120 }, (_, at) => `vm-${at}`);
    const { virtualMachines } = computeClient(azure, EAST);
    await virtualMachines.createOrUpdate(GROUP, 'vm-0', machineIn(EAST)).submitted();
    const input = machines.find(GROUP, 'vm-0')?.input;
    if (!input) throw new Error('no machine');
    // Machines without cores: what is asked here is not the quota.
    for (const name of names.slice(1)) machines.put(GROUP, name, { ...input, size: { ...input.size, cores: 0 } });
    expect((await collect(virtualMachines.list(GROUP))).map(({ name }) => name)).toEqual(names);
  });

  test.concurrent('counts cores against the quota of each region', async () => {
    await using azure = await mountAzureCloud();
    const { virtualMachines, usage } = computeClient(azure, EAST);
    const large = { hardwareProfile: { vmSize: 'Standard_F8s_v2' } };
    await virtualMachines.createOrUpdate(GROUP, 'a', machineIn(EAST, large)).submitted();
    await virtualMachines.createOrUpdate(GROUP, 'b', machineIn(EAST, large)).submitted();
    const refusal = await refusalOf(virtualMachines.createOrUpdate(GROUP, 'c', machineIn(EAST, large)).submitted());
    expect(refusal).toMatchObject({ code: 'OperationNotAllowed', status: 409 });
    expect(refusal.message).toContain('Current Limit: 20, Current Usage: 16, Additional Required: 8');
    const cores = (await collect(usage.list(EAST))).find(({ name }) => name?.value === 'cores');
    expect(cores).toMatchObject({ currentValue: 16, limit: 20 });
    await virtualMachines.createOrUpdate(GROUP, 'c', machineIn(WEST_EUROPE, large)).submitted();
    await virtualMachines.createOrUpdate(GROUP, 'd', spot(EAST, large)).submitted();
  });
});

describe('refuses as Azure does, and the SDK throws a RestError', () => {
  const missing = (part: 'hardwareProfile' | 'networkProfile' | 'storageProfile' | 'osProfile') => {
    const { [part]: _, ...rest } = machineIn(EAST);
    return rest as VirtualMachine;
  };

  test('what is wrong with a machine', async () => {
    await using azure = await mountAzureCloud();
    const { virtualMachines } = computeClient(azure, EAST);
    const put = (machine: VirtualMachine, name = 'one', group = GROUP) =>
      refusalOf(virtualMachines.createOrUpdate(group, name, machine).submitted());
    const cases: readonly (readonly [Promise<{ code: string }>, string, number])[] = [
      [put(missing('hardwareProfile')), 'InvalidParameter', 400],
      [put(missing('networkProfile')), 'InvalidParameter', 400],
      [put(missing('storageProfile')), 'InvalidParameter', 400],
      [put(missing('osProfile')), 'InvalidParameter', 400],
      [put(machineIn(EAST, { hardwareProfile: { vmSize: 'Standard_Z9' } })), 'InvalidParameter', 400],
      [put(machineIn('mars')), 'LocationNotAvailableForResourceType', 400],
      [put(machineIn(EAST, { location: '' })), 'LocationRequired', 400],
      [
        put(machineIn(EAST, { osProfile: { computerName: 'a', adminUsername: 'b', adminPassword: 'weak' } })),
        'InvalidParameter',
        400,
      ],
      ...['Aa1__', 'P@ssw0rd', 'lower-case', `${'Aa1'.repeat(24)}b`].map(
        (adminPassword) =>
          [
            put(machineIn(EAST, { osProfile: { computerName: 'a', adminUsername: 'b', adminPassword } })),
            'InvalidParameter',
            400,
          ] as const,
      ),
      [put(machineIn(EAST, { networkProfile: { networkInterfaces: [{ id: 'nic' }] } })), 'LinkedInvalidPropertyId', 400],
      [put(machineIn(EAST, { evictionPolicy: 'Delete' })), 'EvictionPolicyCanBeSetOnlyOnAzureSpotVirtualMachines', 409],
      [put(spot(EAST, { billingProfile: { maxPrice: 0 } })), 'MaxPriceValueInvalid', 409],
      [put(spot(EAST, { billingProfile: { maxPrice: 0.0001 } })), 'SpotPriceGreaterThanProvidedMaxPrice', 409],
      [put(machineIn(EAST), 'one', 'other'), 'ResourceGroupNotFound', 404],
      [put(machineIn(EAST), '-'), 'InvalidParameter', 400],
    ];
    for (const [refusal, code, status] of cases) expect(await refusal).toMatchObject({ code, status });
    expect(azure.account.machines.list()).toEqual([]);
  });

  test('a token that is forged, expired, for another audience or without the permission', async () => {
    await using azure = await mountAzureCloud();
    const call = (credential = signIn(azure) as Parameters<typeof computeClient>[2]) =>
      computeClient(azure, EAST, credential).virtualMachines.get(GROUP, 'one');
    const held = signIn(azure);
    expect(await refusalOf(call(held))).toMatchObject({ code: 'ResourceNotFound' });
    expect(await refusalOf(call(signInForged(azure)))).toMatchObject({ code: 'InvalidAuthenticationToken', status: 401 });
    await azure.account.control({ type: 'expire-tokens' });
    expect(await refusalOf(call(held))).toMatchObject({ code: 'ExpiredAuthenticationToken', status: 401 });
    const elsewhere = { getToken: () => signIn(azure).getToken('https://ml.azure.com/.default') };
    expect(await refusalOf(call(elsewhere))).toMatchObject({ code: 'InvalidAuthenticationTokenAudience', status: 401 });
    const operation = 'VirtualMachines_Get';
    await azure.account.control({ type: 'set-permission', service: 'compute', operation, isAllowed: false });
    const refusal = await refusalOf(call());
    expect(refusal).toMatchObject({ code: 'AuthorizationFailed', status: 403 });
    expect(refusal.message).toContain("does not have authorization to perform action 'Microsoft.Compute/virtualMachines/read'");
    await azure.account.control({ type: 'set-permission', service: 'compute', operation, isAllowed: true });
    expect(await refusalOf(call())).toMatchObject({ code: 'ResourceNotFound' });
  });

  test('too many requests in one region, with Retry-After', async () => {
    await using azure = await mountAzureCloud();
    await azure.account.control({ type: 'set-quota', region: EAST, service: 'compute', requestsPerS: 0.001 });
    const list = (region: string) => collect(computeClient(azure, region).virtualMachines.list(GROUP));
    await list(EAST);
    const error = await list(EAST).catch((thrown: unknown) => thrown);
    if (!(error instanceof Error && 'response' in error)) throw new Error('not refused');
    expect(error).toMatchObject({ code: 'SubscriptionRequestsThrottled', statusCode: 429 });
    expect((error as RestError).response?.headers.get('retry-after')).toBe('1');
    await list(WEST_EUROPE);
  });

  test('a change of what is for life, and a precondition', async () => {
    await using azure = await mountAzureCloud();
    const { virtualMachines } = computeClient(azure, EAST);
    await virtualMachines.createOrUpdate(GROUP, 'one', machineIn(EAST)).submitted();
    const put = (machine: VirtualMachine, options = {}) =>
      refusalOf(virtualMachines.createOrUpdate(GROUP, 'one', machine, options).submitted());
    expect(await put(machineIn(WEST_EUROPE))).toMatchObject({ code: 'InvalidResourceLocation', status: 409 });
    expect(await put(spot(EAST))).toMatchObject({ code: 'PropertyChangeNotAllowed', status: 409 });
    expect(await put(machineIn(EAST), { ifNoneMatch: '*' })).toMatchObject({ code: 'PreconditionFailed', status: 412 });
    expect(await put(machineIn(EAST), { ifMatch: '"77"' })).toMatchObject({ code: 'PreconditionFailed', status: 412 });
  });
});
