import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AwsAccount } from '../account.ts';
import { IAM_OPERATIONS } from '../iam/operations.ts';
import { failureIn, serve } from '../serve.ts';
import { IAM_DIALECT } from '../wire/dialects.ts';
import { queryProtocol } from '../wire/query-protocol.ts';

const protocol = queryProtocol(IAM_DIALECT);

const BODY_LIMIT_BYTES = 256 * 1024;

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 'iam',
  title: 'AWS Identity and Access Management',
  layer: 'shared',
  isRegional: false,
  needsTls: false,
  hosts: () => ['iam.amazonaws.com', 'iam.global.api.aws'],
  auth: ['sigv4'],
  sdk: { package: '@aws-sdk/client-iam', override: 'endpoint, or AWS_ENDPOINT_URL_IAM' },
  operations: Object.keys(IAM_OPERATIONS).map((name) => ({ name, request: `POST / (Action=${name}&Version=2010-05-08)` })),
  quota: { requestsPerS: null, source: 'no request rate is known to us' },
  errors: {
    'forged-credential': { status: 403, code: 'SignatureDoesNotMatch' },
    'expired-credential': { status: 403, code: 'ExpiredToken' },
    'revoked-credential': { status: 403, code: 'InvalidClientTokenId' },
    'missing-permission': { status: 403, code: 'AccessDenied' },
    'malformed-request': { status: 400, code: 'ValidationError' },
    // On the wire NoSuchEntity and LimitExceeded: the SDK's own names for them.
    'unknown-resource': { status: 404, code: 'NoSuchEntityException' },
    throttled: { status: 400, code: 'Throttling' },
    'quota-exceeded': { status: 409, code: 'LimitExceededException' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    '@aws-sdk/client-iam and service model 2010-05-08 (404, 409), "IAM and STS quotas", botocore\'s retry rules (Throttling at 400); read November 2026. Codes of refused credentials as clients know them.',
};

/** Users, their access keys, and roles. A key that is deactivated opens no service any more. */
export const iam: CloudService<AwsAccount> = {
  spec,
  create: (account, region) =>
    serve(
      {
        spec,
        protocol,
        signingName: 'iam',
        bodyLimitBytes: BODY_LIMIT_BYTES,
        operations: IAM_OPERATIONS,
      },
      account,
      region,
    ),
  failure: failureIn(protocol),
};
