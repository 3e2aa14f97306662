import type { CloudService } from '../../cloud/service.ts';
import type { GoogleAccount } from '../account.ts';
import { COMPUTE, createComputeEndpoint } from '../compute/endpoint.ts';

const ZONE = '/compute/v1/projects/{project}/zones/{zone}';

/** Compute Engine: one endpoint for all regions, whose instances stand in the zones of each. */
export const compute: CloudService<GoogleAccount> = {
  spec: {
    cloud: 'google',
    service: COMPUTE,
    title: 'Compute Engine',
    layer: 'IaaS',
    isRegional: false,
    hasSpotInstances: true,
    needsTls: false,
    hosts: () => ['compute.googleapis.com'],
    auth: ['google-oauth'],
    sdk: { package: '@google-cloud/compute', override: "apiEndpoint and port, with protocol: 'http' and scopes: []" },
    operations: [
      { name: 'Insert', request: `POST ${ZONE}/instances` },
      { name: 'Get', request: `GET ${ZONE}/instances/{instance}` },
      { name: 'List', request: `GET ${ZONE}/instances` },
      { name: 'AggregatedList', request: 'GET /compute/v1/projects/{project}/aggregated/instances' },
      { name: 'Delete', request: `DELETE ${ZONE}/instances/{instance}` },
      { name: 'Stop', request: `POST ${ZONE}/instances/{instance}/stop` },
      { name: 'Start', request: `POST ${ZONE}/instances/{instance}/start` },
      { name: 'GetZoneOperation', request: `GET ${ZONE}/operations/{operation}` },
      { name: 'ListZoneOperations', request: `GET ${ZONE}/operations` },
      { name: 'WaitZoneOperation', request: `POST ${ZONE}/operations/{operation}/wait` },
    ],
    quota: {
      requestsPerS: 25,
      source:
        '1,500 queries a minute in a project, by memory; the copy of cloud.google.com/compute/api-quota that was searched (April 2026) names the quota and no figure',
    },
    errors: {
      'forged-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'expired-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'revoked-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'missing-permission': { status: 403, code: 'PERMISSION_DENIED' },
      'malformed-request': { status: 400, code: 'INVALID_ARGUMENT' },
      'unknown-resource': { status: 404, code: 'NOT_FOUND' },
      // 403 with the reason rateLimitExceeded, not 429: the API's own.
      throttled: { status: 403, code: 'PERMISSION_DENIED' },
      // In the operation that the insertion was answered with.
      'quota-exceeded': { status: 403, code: 'QUOTA_EXCEEDED' },
      unavailable: { status: 503, code: 'UNAVAILABLE' },
    },
    source:
      '@google-cloud/compute 7.8 (compute.proto); errors of operations and of rates as users report them (searched November 2026)',
  },
  create: (account) => createComputeEndpoint(account, account.compute),
};
