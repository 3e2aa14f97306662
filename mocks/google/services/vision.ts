import type { CloudService } from '../../cloud/service.ts';
import type { GoogleAccount } from '../account.ts';
import { createVisionEndpoint, VISION } from '../vision/endpoint.ts';

/** Cloud Vision: labels of pictures, over REST and over gRPC (grpc/image-annotator.ts). */
export const vision: CloudService<GoogleAccount> = {
  spec: {
    cloud: 'google',
    service: VISION,
    title: 'Cloud Vision',
    layer: 'SaaS',
    isRegional: false,
    needsTls: false,
    hosts: () => ['vision.googleapis.com', 'us-vision.googleapis.com', 'eu-vision.googleapis.com'],
    auth: ['google-oauth', 'google-api-key'],
    sdk: {
      package: '@google-cloud/vision',
      override: "apiEndpoint and port, with fallback: 'rest' and protocol: 'http', or gRPC over TLS",
    },
    operations: [{ name: 'BatchAnnotateImages', request: 'POST /v1/images:annotate' }],
    quota: {
      requestsPerS: 30,
      source:
        '1,800 requests a minute in a project, as cloud.google.com/vision/product-search/quotas has it for queries, in a copy (searched November 2026)',
    },
    // There is nothing to name that could be missing: images come with the request.
    errors: {
      'forged-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'expired-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'revoked-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'missing-permission': { status: 403, code: 'PERMISSION_DENIED' },
      'malformed-request': { status: 400, code: 'INVALID_ARGUMENT' },
      throttled: { status: 429, code: 'RESOURCE_EXHAUSTED' },
      unavailable: { status: 503, code: 'UNAVAILABLE' },
    },
    source: 'image_annotator.proto of @google-cloud/vision 6.1; texts of refusals as users report them (searched November 2026)',
  },
  create: createVisionEndpoint,
};
