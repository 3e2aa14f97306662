import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AzureAccount } from '../../../mocks/azure/account.ts';
import { azureCloud } from '../../../mocks/azure/cloud.ts';
import { openCloud } from '../../../mocks/cloud/cloud.ts';
import { EAST } from '../../support/azure-cloud.ts';
import { stubModels } from '../../support/model.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What Resource Manager answers to a number of requests about one machine that come at once: how many are throttled. */
const given = async () => {
  const cloud = await openCloud(azureCloud, { models: stubModels });
  const { app, authority, subscriptionId } = cloud.account as AzureAccount;
  const front = cloud.endpoints.find(({ spec, region }) => spec.service === 'compute' && region === EAST);
  const token = await authority.issue({
    audience: 'https://management.azure.com',
    clientId: app.clientId,
    objectId: app.objectId,
    roles: [],
  });
  const machine = `/subscriptions/${subscriptionId}/resourceGroups/squall/providers/Microsoft.Compute/virtualMachines/one`;
  const ask = async (method: string) => {
    const request = new Request(`https://azure${machine}?api-version=2026-04-01`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    return (await front?.fetch(request))?.status;
  };
  return async (method: string, count: number) => {
    const statuses = await Promise.all(Array.from({ length: count }, () => ask(method)));
    return statuses.filter((status) => status === 429).length;
  };
};

test('Resource Manager takes 250 reads, 200 writes and 200 deletions at once, and of each kind what its bucket gets back', async () => {
  const throttledOf = await given();
  expect(await throttledOf('DELETE', 203)).toBe(3);
  expect(await throttledOf('PUT', 204)).toBe(4);
  expect(await throttledOf('GET', 255)).toBe(5);
  vi.advanceTimersByTime(1000);
  expect(await throttledOf('GET', 26)).toBe(1);
  expect(await throttledOf('PUT', 11)).toBe(1);
  expect(await throttledOf('DELETE', 11)).toBe(1);
});
