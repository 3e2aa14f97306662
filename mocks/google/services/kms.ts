import type { CloudService } from '../../cloud/service.ts';
import type { GoogleAccount } from '../account.ts';
import { createKmsEndpoint, KMS } from '../kms/endpoint.ts';
import { KMS_METHODS } from '../kms/methods.ts';

const requestOf = (key: string): string => {
  const [method = '', under = ''] = key.split(' ');
  const names = ['{keyRing}', '{cryptoKey}', '{version}'];
  return `${method} /v1/projects/{project}/locations/{location}/${under.replace(/\*/g, () => names.shift() ?? '')}`;
};

/** Cloud KMS: keys of a location, whichever of its fronts is asked. The key `squall` in the ring `squall` stands in each region from the start. */
export const kms: CloudService<GoogleAccount> = {
  spec: {
    cloud: 'google',
    service: KMS,
    title: 'Cloud Key Management Service',
    layer: 'shared',
    isRegional: true,
    needsTls: false,
    hosts: (region) => [`cloudkms.${region}.rep.googleapis.com`, 'cloudkms.googleapis.com'],
    auth: ['google-oauth'],
    sdk: { package: '@google-cloud/kms', override: "apiEndpoint and port, with fallback: 'rest' and protocol: 'http'" },
    operations: Object.entries(KMS_METHODS).map(([key, { rpc }]) => ({ name: rpc, request: requestOf(key) })),
    quota: {
      requestsPerS: 1000,
      source:
        '60,000 cryptographic requests a minute in a project, as we know cloud.google.com/kms/quotas; all kinds count together here; looked up nowhere',
    },
    errors: {
      'forged-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'expired-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'revoked-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'missing-permission': { status: 403, code: 'PERMISSION_DENIED' },
      'malformed-request': { status: 400, code: 'INVALID_ARGUMENT' },
      'unknown-resource': { status: 404, code: 'NOT_FOUND' },
      throttled: { status: 429, code: 'RESOURCE_EXHAUSTED' },
      unavailable: { status: 503, code: 'UNAVAILABLE' },
    },
    source:
      'service.proto and resources.proto of @google-cloud/kms 6.3; texts of refusals as users report them (the issues that kms/error.ts names); read November 2026',
  },
  create: ({ projectId, keyRings, authenticate, permissions, rates }, region) =>
    createKmsEndpoint({
      projectId,
      rings: keyRings,
      authenticate,
      permits: (rpc) => permissions.allows(KMS, rpc),
      admits: () => rates.admits(KMS, region),
    }),
};
