import { expect, test } from 'vitest';
import { createOnlineEndpoints } from '../../../mocks/azure/ml/online-endpoints.ts';
import { CapacityExceeded } from '../../../mocks/inference/backend.ts';
import { EAST } from '../../support/azure-cloud.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';

test('a deployment has twice as many requests under way as its instances serve, and refuses the next', async () => {
  const endpoints = createOnlineEndpoints([EAST], stubModels);
  endpoints.putDeployment(EAST, 'green', {
    model: 'digits',
    instanceType: 'Standard_F8s_v2',
    instanceCount: 3,
    concurrency: 2,
    tags: undefined,
  });
  const backend = endpoints.at(EAST)?.deployments.get('green')?.backend;
  const outcomes = await Promise.allSettled(Array.from({ length: 15 }, () => backend?.predict([rowLabelled(3)])));
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(15 - 2 * 3 * 2);
  for (const outcome of refused) expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(CapacityExceeded);
});
