import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AwsAccount } from '../account.ts';
import { SAGEMAKER_OPERATIONS } from '../sagemaker/operations.ts';
import { failureIn, serve } from '../serve.ts';
import { jsonProtocol } from '../wire/json-protocol.ts';

const protocol = jsonProtocol('SageMaker');

const BODY_LIMIT_BYTES = 1024 * 1024;

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 'sagemaker',
  title: 'Amazon SageMaker',
  layer: 'PaaS',
  isRegional: true,
  needsTls: false,
  hosts: (region) => [`api.sagemaker.${region}.amazonaws.com`, `sagemaker.${region}.api.aws`],
  auth: ['sigv4'],
  sdk: { package: '@aws-sdk/client-sagemaker', override: 'endpoint, or AWS_ENDPOINT_URL_SAGEMAKER' },
  operations: Object.keys(SAGEMAKER_OPERATIONS).map((name) => ({ name, request: `POST / (X-Amz-Target: SageMaker.${name})` })),
  quota: { requestsPerS: null, source: 'no request rate is known to us' },
  errors: {
    'forged-credential': { status: 400, code: 'InvalidSignatureException' },
    'expired-credential': { status: 400, code: 'ExpiredTokenException' },
    'revoked-credential': { status: 400, code: 'UnrecognizedClientException' },
    'missing-permission': { status: 400, code: 'AccessDeniedException' },
    'malformed-request': { status: 400, code: 'ValidationException' },
    'unknown-resource': { status: 400, code: 'ValidationException' },
    throttled: { status: 400, code: 'ThrottlingException' },
    'quota-exceeded': { status: 400, code: 'ResourceLimitExceeded' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    '@aws-sdk/client-sagemaker and service model 2017-07-24 (inputs, ResourceLimitExceeded); read November 2026. ValidationException, and codes of refused credentials, as clients know them.',
};

/** The control plane: models, endpoint configurations and endpoints, which SageMaker runtime of the region invokes. */
export const sageMaker: CloudService<AwsAccount> = {
  spec,
  create: (account, region) =>
    serve(
      {
        spec,
        protocol,
        signingName: 'sagemaker',
        bodyLimitBytes: BODY_LIMIT_BYTES,
        operations: SAGEMAKER_OPERATIONS,
      },
      account,
      region,
    ),
  failure: failureIn(protocol),
};
