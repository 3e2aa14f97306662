import { describe, expect, it } from 'vitest';
import { type Destination, routeAmong } from '../../../integrations/msw/routes.ts';
import { azureCloud } from '../../../mocks/azure/cloud.ts';

/** All that answers as `management.azure.com`, in the order of the table. */
const fronts: readonly Destination[] = azureCloud.services
  .filter(({ spec }) => spec.hosts('eastus').includes('management.azure.com'))
  .flatMap(({ spec }) => ['eastus', 'westeurope'].map((region) => ({ spec, region })));

const routed = (method: string, path: string) => {
  const found = routeAmong(fronts, method, path);
  return found && `${found.region}/${found.spec.service}`;
};

const group = '/subscriptions/s/resourceGroups/squall/providers';

describe('a host name of several services and regions', () => {
  it('leads to the service that has the operation', () => {
    expect(routed('PUT', `${group}/Microsoft.Compute/virtualMachines/one`)).toBe('eastus/compute');
    expect(routed('GET', `${group}/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/e`)).toBe(
      'eastus/machine-learning',
    );
  });

  it('leads to the region that the path names', () => {
    expect(routed('GET', '/subscriptions/s/providers/Microsoft.Compute/locations/westeurope/usages')).toBe('westeurope/compute');
  });

  it('leads to the first where nothing tells', () => {
    expect(routed('GET', '/nothing/of/the/kind')).toBe('eastus/compute');
  });

  it('leads nowhere when nothing stands there', () => {
    expect(routeAmong([], 'GET', '/')).toBeUndefined();
  });
});
