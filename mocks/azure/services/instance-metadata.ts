import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { metadataFailure } from '../metadata/failure.ts';
import { createInstanceMetadata, TOKEN_OPERATION } from '../metadata/handler.ts';

const SERVICE = 'instance-metadata';

const spec: ServiceSpec = {
  cloud: 'azure',
  service: SERVICE,
  title: 'Azure Instance Metadata, Scheduled Events',
  layer: 'IaaS',
  isRegional: true,
  needsTls: false,
  hosts: () => ['169.254.169.254'],
  auth: ['none'],
  sdk: null,
  operations: [
    { name: 'instance', request: 'GET /metadata/instance[/{path}] (Metadata: true)' },
    { name: 'scheduledevents', request: 'GET /metadata/scheduledevents (Metadata: true)' },
    { name: 'StartRequests', request: 'POST /metadata/scheduledevents (Metadata: true)' },
    { name: 'token', request: 'GET /metadata/identity/oauth2/token (Metadata: true)' },
  ],
  quota: {
    requestsPerS: 5,
    apart: { [TOKEN_OPERATION]: { requestsPerS: 20 } },
    source:
      '"Azure Instance Metadata Service", rate limiting: of each machine; here of a region\'s together. Five token requests at a time are not counted; read November 2026',
  },
  errors: {
    'malformed-request': { status: 400, code: 'Bad request. Required metadata header not specified' },
    'unknown-resource': { status: 404, code: 'Not found' },
    throttled: { status: 429, code: 'Too many requests' },
    unavailable: { status: 500, code: 'Service error' },
  },
  source:
    '"Azure Instance Metadata Service", "Scheduled Events for Linux VMs"; read November 2026. The words of 404, 429 and 500, and of refused tokens, are ours',
};

/** The metadata endpoint of a region's machines. */
export const instanceMetadata: CloudService<AzureAccount> = {
  spec,
  create: (account, region) => createInstanceMetadata(account, SERVICE, region),
  failure: metadataFailure,
};
