import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AwsAccount } from '../account.ts';
import { failureIn, serve } from '../serve.ts';
import { STS_OPERATIONS } from '../sts/operations.ts';
import { STS_DIALECT } from '../wire/dialects.ts';
import { queryProtocol } from '../wire/query-protocol.ts';

const protocol = queryProtocol(STS_DIALECT);

const BODY_LIMIT_BYTES = 128 * 1024;

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 'sts',
  title: 'AWS Security Token Service',
  layer: 'shared',
  isRegional: true,
  needsTls: false,
  hosts: (region) => [`sts.${region}.amazonaws.com`, ...(region === 'us-east-1' ? ['sts.amazonaws.com'] : [])],
  auth: ['sigv4'],
  sdk: { package: '@aws-sdk/client-sts', override: 'endpoint, or AWS_ENDPOINT_URL_STS' },
  operations: Object.keys(STS_OPERATIONS).map((name) => ({ name, request: `POST / (Action=${name}&Version=2011-06-15)` })),
  quota: {
    requestsPerS: 600,
    source:
      '600 requests a second, account and region: "IAM and AWS STS quotas" as the docs of MongoDB cite it; read November 2026',
  },
  errors: {
    'forged-credential': { status: 403, code: 'SignatureDoesNotMatch' },
    'expired-credential': { status: 403, code: 'ExpiredToken' },
    'revoked-credential': { status: 403, code: 'InvalidClientTokenId' },
    'missing-permission': { status: 403, code: 'AccessDenied' },
    'malformed-request': { status: 400, code: 'ValidationError' },
    'unknown-resource': { status: 403, code: 'AccessDenied' },
    throttled: { status: 400, code: 'Throttling' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    "@aws-sdk/client-sts and service model 2011-06-15, botocore's retry rules (Throttling at 400); read November 2026. Codes of refused credentials as clients know them.",
};

/** Sessions of roles and users, which every other service of the account takes; and who a caller is, which nobody can be denied. */
export const sts: CloudService<AwsAccount> = {
  spec,
  create: (account, region) =>
    serve(
      {
        spec,
        protocol,
        signingName: 'sts',
        bodyLimitBytes: BODY_LIMIT_BYTES,
        operations: STS_OPERATIONS,
        undeniable: ['GetCallerIdentity'],
      },
      account,
      region,
    ),
  failure: failureIn(protocol),
};
