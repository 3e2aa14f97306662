import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { createScoring } from '../online-endpoint.ts';

const SERVICE = 'ml-online-endpoint';
const OPERATION = 'score';

const spec: ServiceSpec = {
  cloud: 'azure',
  service: SERVICE,
  title: 'Azure Machine Learning, scoring',
  layer: 'PaaS',
  isRegional: true,
  needsTls: true,
  hosts: (region) => [`squall.${region}.inference.ml.azure.com`],
  auth: ['entra', 'azure-key'],
  sdk: { package: '@azure/core-rest-pipeline', override: 'url of the request' },
  operations: [{ name: OPERATION, request: 'POST /score (azureml-model-deployment: {deployment})' }],
  quota: {
    requestsPerS: 500,
    source:
      '"Manage and increase quotas and limits for resources with Azure Machine Learning": requests a second of an endpoint, all deployments together; read November 2026',
  },
  // The bodies of refusals are not documented; clients go by the status.
  errors: {
    'forged-credential': { status: 401, code: '401' },
    'expired-credential': { status: 401, code: '401' },
    'revoked-credential': { status: 401, code: '401' },
    'missing-permission': { status: 401, code: '401' },
    'malformed-request': { status: 424, code: '424' },
    'unknown-resource': { status: 404, code: '404' },
    throttled: { status: 429, code: '429' },
    unavailable: { status: 503, code: '503' },
  },
  source:
    '"Troubleshoot online endpoints", HTTP status codes of managed online endpoints; read November 2026. 503, which it has not, is what the Envoy before the deployments says',
};

/** Scoring at the online endpoint of a region. */
export const mlOnlineEndpoint: CloudService<AzureAccount> = {
  spec,
  create: ({ onlineEndpoints, rates, permissions, app, authority }, region) =>
    createScoring(
      {
        pick: (named) => onlineEndpoints.pick(region, named),
        admits: () => rates.admits(SERVICE, region),
        maySignedInScore: () => permissions.allows(SERVICE, OPERATION),
      },
      app,
      authority,
    ),
};
