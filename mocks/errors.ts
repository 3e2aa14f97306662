import { failureResponse as awsFailure } from './aws/errors.ts';
import { failureResponse as azureFailure } from './azure/errors.ts';
import type { FailureCondition } from './control.ts';
import type { ProviderName } from './emulator.ts';
import { failureResponse as googleFailure } from './google/errors.ts';

const failures: Readonly<Record<ProviderName, (condition: FailureCondition) => Response>> = {
  aws: awsFailure,
  google: googleFailure,
  azure: azureFailure,
};

/**
 * The answer of a provider's inference service that fails, in the provider's own shape and with its own status, so that official
 * SDKs throw the right class. A fresh response each time.
 */
export const providerError = (provider: ProviderName, condition: FailureCondition): Response => failures[provider](condition);
