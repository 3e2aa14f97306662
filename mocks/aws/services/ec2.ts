import type { CloudService, OperationSpec, ServiceSpec } from '../../cloud/service.ts';
import type { AwsAccount } from '../account.ts';
import { EC2_OPERATIONS } from '../ec2/operations.ts';
import { EC2_QUOTA, rateKindOf } from '../ec2/request-rates.ts';
import { failureIn, serve } from '../serve.ts';
import { EC2_DIALECT } from '../wire/dialects.ts';
import { queryProtocol } from '../wire/query-protocol.ts';

const protocol = queryProtocol(EC2_DIALECT);

const BODY_LIMIT_BYTES = 1024 * 1024;

const operations: readonly OperationSpec[] = Object.keys(EC2_OPERATIONS).map((name) => ({
  name,
  request: `POST / (Action=${name}&Version=2016-11-15)`,
}));

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 'ec2',
  title: 'Amazon EC2',
  layer: 'IaaS',
  isRegional: true,
  hasSpotInstances: true,
  needsTls: false,
  hosts: (region) => [`ec2.${region}.amazonaws.com`, `ec2.${region}.api.aws`],
  auth: ['sigv4'],
  sdk: { package: '@aws-sdk/client-ec2', override: 'endpoint, or AWS_ENDPOINT_URL_EC2' },
  operations,
  quota: EC2_QUOTA,
  errors: {
    'forged-credential': { status: 401, code: 'AuthFailure' },
    'expired-credential': { status: 400, code: 'RequestExpired' },
    'revoked-credential': { status: 401, code: 'AuthFailure' },
    'missing-permission': { status: 403, code: 'UnauthorizedOperation' },
    'malformed-request': { status: 400, code: 'InvalidParameterValue' },
    'unknown-resource': { status: 400, code: 'InvalidInstanceID.NotFound' },
    throttled: { status: 503, code: 'RequestLimitExceeded' },
    'quota-exceeded': { status: 400, code: 'VcpuLimitExceeded' },
    unavailable: { status: 503, code: 'Unavailable' },
  },
  source:
    '@aws-sdk/client-ec2 and service model 2016-11-15; EC2 developer guide, "Error codes for the Amazon EC2 API", which gives codes and no single status; read November 2026. Statuses as clients know them.',
};

/** Instances, on demand and spot, their states and prices. Images, networks and disks are not emulated: their ids are taken as they come. */
export const ec2: CloudService<AwsAccount> = {
  spec,
  create: (account, region) =>
    serve(
      {
        spec,
        protocol,
        signingName: 'ec2',
        bodyLimitBytes: BODY_LIMIT_BYTES,
        operations: EC2_OPERATIONS,
        kindOf: rateKindOf,
      },
      account,
      region,
    ),
  failure: failureIn(protocol),
};
