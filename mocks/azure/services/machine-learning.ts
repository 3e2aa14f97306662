import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { armFailure } from '../arm/errors.ts';
import { createFront } from '../arm/providers.ts';
import { listOperations } from '../arm/route.ts';
import { ARM_QUOTA, armErrors } from '../arm/spec.ts';
import { ML_ROUTES } from '../ml/routes.ts';

const SERVICE = 'machine-learning';

const spec: ServiceSpec = {
  cloud: 'azure',
  service: SERVICE,
  title: 'Azure Machine Learning, online endpoints and deployments',
  layer: 'PaaS',
  isRegional: true,
  needsTls: true,
  hosts: (region) => [`${region}.management.azure.com`, 'management.azure.com'],
  auth: ['entra'],
  sdk: { package: '@azure/arm-machinelearning', override: 'endpoint, credentialScopes' },
  operations: listOperations(ML_ROUTES),
  quota: ARM_QUOTA,
  errors: armErrors('OutOfQuota'),
  source:
    '@azure/arm-machinelearning 2.1.1; "Troubleshoot online endpoints" names OutOfQuota, its status is our choice; "Manage and increase quotas"; read November 2026',
};

/** The control plane of Azure ML's online endpoints: deployments, and how the traffic is split between them. */
export const machineLearning: CloudService<AzureAccount> = {
  spec,
  create: (account, region) => createFront(account, SERVICE, region),
  failure: armFailure,
};
