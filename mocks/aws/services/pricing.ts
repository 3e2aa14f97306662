import { GLOBAL } from '../../cloud/cloud.ts';
import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AwsAccount } from '../account.ts';
import type { PricedInstance } from '../price-list.ts';
import { createPriceList, PRICING_OPERATIONS } from '../pricing.ts';
import { HOSTING_TYPES, hostingSpec, hostingUsdPerHour } from '../sagemaker/hosting-types.ts';
import { failureIn } from '../serve.ts';
import { jsonProtocol } from '../wire/json-protocol.ts';

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 'pricing',
  title: 'AWS Price List',
  layer: 'shared',
  isRegional: false,
  needsTls: false,
  hosts: () => [
    'api.pricing.us-east-1.amazonaws.com',
    'api.pricing.eu-central-1.amazonaws.com',
    'api.pricing.ap-south-1.amazonaws.com',
  ],
  auth: ['sigv4'],
  sdk: { package: '@aws-sdk/client-pricing', override: 'endpoint, or AWS_ENDPOINT_URL_PRICING' },
  operations: Object.keys(PRICING_OPERATIONS).map((name) => ({
    name,
    request: `POST / (X-Amz-Target: AWSPriceListService.${name})`,
  })),
  quota: { requestsPerS: null, source: 'no request rate is known to us' },
  errors: {
    'forged-credential': { status: 400, code: 'InvalidSignatureException' },
    'expired-credential': { status: 400, code: 'ExpiredTokenException' },
    'revoked-credential': { status: 400, code: 'UnrecognizedClientException' },
    'missing-permission': { status: 400, code: 'AccessDeniedException' },
    'malformed-request': { status: 400, code: 'InvalidParameterException' },
    'unknown-resource': { status: 400, code: 'NotFoundException' },
    throttled: { status: 400, code: 'ThrottlingException' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    "@aws-sdk/client-pricing and service model 2017-10-15 (names of errors), botocore's endpoints; read November 2026. Codes of refused credentials as clients know them.",
};

const instancesOf = (account: AwsAccount): readonly PricedInstance[] =>
  account.regions.flatMap((region) =>
    HOSTING_TYPES.flatMap((instanceType) => {
      const type = hostingSpec(instanceType);
      if (!type) return [];
      const usdPerHour = hostingUsdPerHour(type, region) * account.priceMultiplier('sagemaker-runtime', region);
      return [{ region: { region, instanceType }, usdPerHour }];
    }),
  );

/** Prices in force of SageMaker's hosting instances in the account's regions. */
export const pricing: CloudService<AwsAccount> = {
  spec,
  create: (account) =>
    createPriceList({
      instances: () => instancesOf(account),
      keys: account.keys,
      // At the service's own hosts the signature is for one of its regions; who is pointed elsewhere signs for the region that is set.
      signingRegions: account.regions,
      allow({ principal }, operation) {
        account.takeRequest(spec.service, GLOBAL);
        account.authorize(principal, spec.service, operation, `pricing:${operation}`, '*');
      },
    }),
  failure: failureIn(jsonProtocol('AWSPriceListService')),
};
