import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { metadataFailure } from '../metadata/failure.ts';
import { createInstanceMetadata } from '../metadata/handler.ts';

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
    { name: 'scheduledevents', request: 'GET /metadata/scheduledevents (Metadata: true)' },
    { name: 'StartRequests', request: 'POST /metadata/scheduledevents (Metadata: true)' },
    { name: 'token', request: 'GET /metadata/identity/oauth2/token (Metadata: true)' },
  ],
  quota: { requestsPerS: 5, source: '"Azure Instance Metadata Service", rate limiting: 5 requests a second; read November 2026' },
  errors: {
    'malformed-request': { status: 400, code: 'Bad request. Required metadata header not specified' },
    'unknown-resource': { status: 404, code: 'Not found' },
    throttled: { status: 429, code: 'Too many requests' },
    unavailable: { status: 503, code: 'Service unavailable' },
  },
  source:
    '"Azure Instance Metadata Service", "Scheduled Events for Linux VMs", "How to use managed identities"; read November 2026',
};

/** The metadata endpoint of a region's machines. */
export const instanceMetadata: CloudService<AzureAccount> = {
  spec,
  create: (account, region) => createInstanceMetadata(account, SERVICE, region),
  failure: metadataFailure,
};
