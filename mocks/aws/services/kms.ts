import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AwsAccount } from '../account.ts';
import { throttled } from '../kms/errors.ts';
import { KMS_OPERATIONS } from '../kms/operations.ts';
import { KMS_TARGET } from '../kms/stack.ts';
import { failureIn, type Operation, serve } from '../serve.ts';
import { jsonProtocol } from '../wire/json-protocol.ts';

const protocol = jsonProtocol(KMS_TARGET);

const BODY_LIMIT_BYTES = 128 * 1024;

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 'kms',
  title: 'AWS Key Management Service',
  layer: 'shared',
  isRegional: true,
  needsTls: false,
  hosts: (region) => [`kms.${region}.amazonaws.com`],
  auth: ['sigv4'],
  sdk: { package: '@aws-sdk/client-kms', override: 'endpoint, or AWS_ENDPOINT_URL_KMS' },
  operations: Object.keys(KMS_OPERATIONS).map((name) => ({ name, request: `POST / (X-Amz-Target: ${KMS_TARGET}.${name})` })),
  quota: {
    requestsPerS: 10_000,
    apart: {
      CreateKey: { requestsPerS: 5 },
      DescribeKey: { requestsPerS: 2000 },
      ListKeys: { requestsPerS: 500 },
      ListAliases: { requestsPerS: 500 },
    },
    source:
      'KMS developer guide, "Request quotas": cryptographic operations of symmetric keys share 10,000 a second, and more in the large regions, as we know its table; of what is counted apart here a few; searched November 2026',
  },
  errors: {
    'forged-credential': { status: 400, code: 'InvalidSignatureException' },
    'expired-credential': { status: 400, code: 'ExpiredTokenException' },
    'revoked-credential': { status: 400, code: 'UnrecognizedClientException' },
    'missing-permission': { status: 400, code: 'AccessDeniedException' },
    'malformed-request': { status: 400, code: 'InvalidCiphertextException' },
    'unknown-resource': { status: 400, code: 'NotFoundException' },
    throttled: { status: 400, code: 'ThrottlingException' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    '@aws-sdk/client-kms 3.1164 and service model 2014-11-01 (operations, bounds, names of errors); words of errors as kms/errors.ts has them; read November 2026. Codes of refused credentials as clients know them.',
};

const operations = Object.fromEntries(
  Object.entries(KMS_OPERATIONS).map(([name, operation]): [string, Operation] => [
    name,
    {
      resourceOf: (input, { account, region }) => operation.resourceOf?.(input, account.kms(region)) ?? '*',
      run: (input, { account, region }) => operation.run(input, account.kms(region)),
    },
  ]),
);

/** Symmetric keys, and data keys under them. The key `alias/squall` stands in each region from the start. */
export const kms: CloudService<AwsAccount> = {
  spec,
  create: (account, region) =>
    serve({ spec, protocol, signingName: 'kms', bodyLimitBytes: BODY_LIMIT_BYTES, operations, throttled }, account, region),
  failure: failureIn(protocol),
};
