import { failureResponse as awsFailure } from './aws/errors.ts';
import { failureResponse as azureFailure } from './azure/errors.ts';
import type { CloudName } from './cloud/service.ts';
import type { FailureCondition } from './control.ts';
import { failureResponse as googleFailure } from './google/errors.ts';
import { failureResponse as huggingFaceFailure } from './huggingface/errors.ts';

type Failure = (condition: FailureCondition) => Response;

/** Clouds whose services all fail in one shape; where a service has its own, it says so itself (`CloudService.failure`). */
const failures: Partial<Readonly<Record<CloudName, Failure>>> = {
  aws: awsFailure,
  google: googleFailure,
  azure: azureFailure,
  huggingface: huggingFaceFailure,
};

const STATUS: Readonly<Record<FailureCondition, number>> = {
  unavailable: 503,
  internal: 500,
  throttled: 429,
  'model-error': 424,
};

/** What stands in front of a service says, where the service says nothing itself. */
const plainFailure: Failure = (condition) => new Response(null, { status: STATUS[condition] });

/**
 * The answer of a provider's inference service that fails, in the provider's own shape and with its own status, so that official
 * SDKs throw the right class. A fresh response each time.
 */
export const providerError = (provider: CloudName, condition: FailureCondition): Response =>
  (failures[provider] ?? plainFailure)(condition);
