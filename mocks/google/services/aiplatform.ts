import type { CloudService } from '../../cloud/service.ts';
import { AIPLATFORM, ENDPOINT_ID, type GoogleAccount } from '../account.ts';
import { describeDeployedModel } from '../deployed-model.ts';
import { createVertexEndpoint } from '../vertex-endpoint.ts';

const ENDPOINT = '/v1/projects/{project}/locations/{location}/endpoints/{endpoint}';

/** Vertex AI online prediction: one endpoint a region, which serves the digits model, over REST and over gRPC (grpc/front.ts). */
export const aiplatform: CloudService<GoogleAccount> = {
  spec: {
    cloud: 'google',
    service: AIPLATFORM,
    title: 'Vertex AI',
    layer: 'PaaS',
    isRegional: true,
    needsTls: false,
    hosts: (region) => [`${region}-aiplatform.googleapis.com`],
    auth: ['google-oauth'],
    sdk: {
      package: '@google-cloud/aiplatform',
      override: "apiEndpoint and port, with fallback: 'rest' and protocol: 'http', or gRPC over TLS",
    },
    operations: [
      { name: 'Predict', request: `POST ${ENDPOINT}:predict` },
      { name: 'RawPredict', request: `POST ${ENDPOINT}:rawPredict` },
      { name: 'ServerStreamingPredict', request: `POST ${ENDPOINT}:serverStreamingPredict` },
      { name: 'StreamRawPredict', request: `POST ${ENDPOINT}:streamRawPredict` },
      { name: 'GetEndpoint', request: `GET ${ENDPOINT}` },
    ],
    quota: {
      requestsPerS: 500,
      source:
        '30,000 online prediction requests a minute in a region; cloud.google.com/vertex-ai/docs/quotas, in a copy (searched November 2026)',
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
      'prediction_service.proto and endpoint_service.proto of @google-cloud/aiplatform 7.4; texts of refusals as users report them (the issues that prediction-errors.ts names)',
  },
  create(account, region) {
    const { projectId, authenticate, permissions } = account;
    const backend = account.backends.find((one) => one.region.region === region);
    if (!backend) throw new TypeError(`google has no region ${region}`);
    return createVertexEndpoint({
      projectId,
      endpoint: ENDPOINT_ID,
      backend,
      deployed: describeDeployedModel(projectId, region, ENDPOINT_ID, 'digits'),
      authenticate,
      permits: (rpc) => permissions.allows(AIPLATFORM, rpc),
    });
  },
};
