import type { CloudService } from '../../cloud/service.ts';
import type { GoogleAccount } from '../account.ts';
import { createMetadataEndpoint } from '../metadata/endpoint.ts';

/** The metadata server that a machine in a region sees: its tokens, and whether Google is taking it. */
export const metadata: CloudService<GoogleAccount> = {
  spec: {
    cloud: 'google',
    service: 'metadata',
    title: 'Compute Engine metadata server',
    layer: 'shared',
    isRegional: true,
    needsTls: false,
    hosts: () => ['metadata.google.internal', '169.254.169.254'],
    auth: ['none'],
    sdk: { package: 'gcp-metadata', override: 'GCE_METADATA_HOST' },
    operations: [
      { name: 'Get', request: 'GET /computeMetadata/v1/{path} (Metadata-Flavor: Google)' },
      { name: 'Token', request: 'GET /computeMetadata/v1/instance/service-accounts/{account}/token' },
      { name: 'Identity', request: 'GET /computeMetadata/v1/instance/service-accounts/{account}/identity' },
    ],
    quota: { requestsPerS: null, source: 'no published figure was found' },
    errors: {
      'malformed-request': { status: 403, code: '403' },
      'unknown-resource': { status: 404, code: '404' },
      unavailable: { status: 503, code: '503' },
    },
    source:
      'gcp-metadata and google-auth-library, which ask it; texts of refusals as public code and users have them (searched November 2026)',
  },
  create: createMetadataEndpoint,
};
