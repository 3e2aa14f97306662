import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AwsAccount } from '../account.ts';
import { checkAsked, noEndpoint, noVariant, targetVariantOf } from '../endpoint.ts';
import { acceptAsync } from '../sagemaker/async.ts';
import type { Variant } from '../sagemaker/resources.ts';
import { createRuntime } from '../sagemaker-runtime.ts';

const spec: ServiceSpec = {
  cloud: 'aws',
  service: 'sagemaker-runtime',
  title: 'Amazon SageMaker runtime',
  layer: 'PaaS',
  isRegional: true,
  needsTls: false,
  hosts: (region) => [`runtime.sagemaker.${region}.amazonaws.com`, `runtime-sagemaker.${region}.api.aws`],
  auth: ['sigv4'],
  sdk: { package: '@aws-sdk/client-sagemaker-runtime', override: 'endpoint, or AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME' },
  operations: [
    { name: 'InvokeEndpoint', request: 'POST /endpoints/{EndpointName}/invocations' },
    { name: 'InvokeEndpointWithResponseStream', request: 'POST /endpoints/{EndpointName}/invocations-response-stream' },
    { name: 'InvokeEndpointAsync', request: 'POST /endpoints/{EndpointName}/async-invocations' },
  ],
  quota: { requestsPerS: null, source: 'an endpoint takes what its instances take' },
  errors: {
    'forged-credential': { status: 403, code: 'InvalidSignatureException' },
    'expired-credential': { status: 403, code: 'ExpiredTokenException' },
    'revoked-credential': { status: 403, code: 'UnrecognizedClientException' },
    'missing-permission': { status: 403, code: 'AccessDeniedException' },
    'malformed-request': { status: 424, code: 'ModelError' },
    'unknown-resource': { status: 400, code: 'ValidationError' },
    throttled: { status: 400, code: 'ThrottlingException' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    "@aws-sdk/client-sagemaker-runtime and service model 2017-05-13 (ModelError 424, ValidationError 400, ServiceUnavailable 503), botocore's retry rules (ThrottlingException at 400); read November 2026. Codes of refused credentials as clients know them.",
};

/** By weight, as SageMaker spreads requests over the variants. All weights zero: no variant takes any, so the first does. */
const draw = (variants: readonly Variant[]): Variant | undefined => {
  const [only] = variants;
  if (variants.length === 1) return only;
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  const drawn = Math.random() * total;
  let passed = 0;
  for (const variant of variants) {
    passed += variant.weight;
    if (drawn < passed) return variant;
  }
  return only;
};

const ACTION_PREFIX = 'sagemaker:';

/** The data plane: predictions of the endpoints that the control plane has in service. */
export const sageMakerRuntime: CloudService<AwsAccount> = {
  spec,
  create(account, region) {
    const sageMaker = account.sageMaker(region);
    return createRuntime({
      region,
      keys: account.keys,
      allow({ principal }, action, resource) {
        account.takeRequest(spec.service, region);
        account.authorize(principal, spec.service, action.slice(ACTION_PREFIX.length), action, resource);
      },
      find(asked, headers) {
        const endpoint = sageMaker.endpoints.get(asked);
        if (!endpoint || endpoint.status === 'Creating' || endpoint.status === 'Failed') throw noEndpoint(asked);
        const target = targetVariantOf(headers);
        const variant = target === null ? draw(endpoint.variants) : endpoint.variants.find(({ name }) => name === target);
        if (!variant) throw noVariant(target ?? '', asked);
        checkAsked(asked, headers);
        const { backend } = variant;
        const { asyncConfig: config } = endpoint;
        const accept = config ? (of: Headers) => acceptAsync({ config, region, backend, objects: account.objects }, of) : null;
        return { endpointName: asked, variant: variant.name, backend, accept };
      },
    });
  },
};
