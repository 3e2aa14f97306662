import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { armFailure } from '../arm/errors.ts';
import { createFront } from '../arm/providers.ts';
import { listOperations } from '../arm/route.ts';
import { ARM_QUOTA, armErrors } from '../arm/spec.ts';
import { COMPUTE_ROUTES } from '../compute/routes.ts';

const SERVICE = 'compute';

const spec: ServiceSpec = {
  cloud: 'azure',
  service: SERVICE,
  title: 'Azure Virtual Machines',
  layer: 'IaaS',
  isRegional: true,
  hasSpotInstances: true,
  needsTls: true,
  hosts: (region) => [`${region}.management.azure.com`, 'management.azure.com'],
  auth: ['entra'],
  sdk: { package: '@azure/arm-compute', override: 'endpoint' },
  operations: listOperations(COMPUTE_ROUTES),
  quota: ARM_QUOTA,
  errors: armErrors('OperationNotAllowed'),
  source:
    '@azure/arm-compute 25.1.1 (API version 2026-04-01); "Troubleshoot common Azure deployment errors", "Error messages for Azure Spot Virtual Machines"; read November 2026; statuses as clients know them',
};

/** Azure virtual machines through Azure Resource Manager. */
export const compute: CloudService<AzureAccount> = {
  spec,
  create: (account, region) => createFront(account, SERVICE, region),
  failure: armFailure,
};
