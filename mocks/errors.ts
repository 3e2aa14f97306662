import { failureResponse as awsFailure } from './aws/errors.ts';
import type { FailureCondition } from './control.ts';
import type { ProviderName } from './emulator.ts';
import { failureResponse as googleFailure } from './google/errors.ts';

/** TEMPORARY until mocks/aws and mocks/azure bring theirs. */
const pending = (condition: FailureCondition): Response =>
  Response.json(
    { message: condition },
    { status: { unavailable: 503, internal: 500, throttled: 429, 'model-error': 424 }[condition] },
  );

const failures: Readonly<Record<ProviderName, (condition: FailureCondition) => Response>> = {
  aws: awsFailure,
  google: googleFailure,
  azure: pending,
};

/**
 * The answer of a provider's inference service that fails, in the provider's own shape and with its own status, so that official
 * SDKs throw the right class. A fresh response each time.
 */
export const providerError = (provider: ProviderName, condition: FailureCondition): Response => failures[provider](condition);
