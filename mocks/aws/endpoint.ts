import { type AwsError, validationError } from './errors.ts';
import { ACCOUNT_ID } from './identity.ts';

/** Name that SageMaker's console and SDK give an endpoint's only variant. */
export const VARIANT = 'AllTraffic';

/** From the SDKs' service model: `EndpointName`, at most 63 characters. */
const ENDPOINT_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;

/** Headers that ask for what this endpoint is not: a real one refuses them as well. */
const UNSUPPORTED_HEADERS: Readonly<Record<string, string>> = {
  'x-amzn-sagemaker-target-model': 'is not a multi-model endpoint: do not set a target model.',
  'x-amzn-sagemaker-target-container-hostname':
    'has no containers that are invoked directly: do not set a target container host name.',
  'x-amzn-sagemaker-inference-component': 'has no inference components: do not set an inference component name.',
};

const UNSUPPORTED_NAMES = Object.keys(UNSUPPORTED_HEADERS);

/** There is no endpoint of the name; or there cannot be one. */
export const noEndpoint = (asked: string): AwsError =>
  validationError(
    asked.length > 63 || !ENDPOINT_NAME.test(asked)
      ? `1 validation error detected: Value '${asked.slice(0, 100)}' at 'endpointName' failed to satisfy constraint: ` +
          'Member must have length of at most 63 and satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*'
      : `Endpoint ${asked} of account ${ACCOUNT_ID} not found.`,
  );

export const noVariant = (variant: string, asked: string): AwsError =>
  validationError(`Variant ${variant} of endpoint ${asked} of account ${ACCOUNT_ID} not found.`);

/** @returns the variant that is asked for by name; null for any */
export const targetVariantOf = (headers: Headers): string | null => headers.get('x-amzn-sagemaker-target-variant');

/**
 * Refuses an invocation that asks of an endpoint what it is not.
 * @throws {AwsError} `ValidationError`
 */
export const checkAsked = (asked: string, headers: Headers): void => {
  const unsupported = UNSUPPORTED_NAMES.find((name) => headers.has(name));
  if (unsupported) throw validationError(`Endpoint ${asked} of account ${ACCOUNT_ID} ${UNSUPPORTED_HEADERS[unsupported]}`);
};

/**
 * Refuses an invocation that is not for the endpoint in service, or asks of it what it is not.
 * @param candidate a variant that takes only what is sent to it by name
 * @returns the variant that takes it
 * @throws {AwsError} `ValidationError`
 */
export const checkEndpoint = (served: string, asked: string, headers: Headers, candidate?: string): string => {
  if (asked !== served) throw noEndpoint(asked);
  const variant = targetVariantOf(headers) ?? VARIANT;
  if (variant !== VARIANT && variant !== candidate) throw noVariant(variant, asked);
  checkAsked(asked, headers);
  return variant;
};
