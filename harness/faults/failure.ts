import type { FailureCondition } from '../../mocks/control.ts';
import { providerError } from '../../mocks/errors.ts';
import type { ServiceLink } from '../topology/link.ts';

/** What a caller gets when the service at the end of the link fails: the service's own shape, else its provider's. A fresh response each time. */
export const failureAt = (link: ServiceLink, condition: FailureCondition): Response =>
  link.failure?.(condition) ?? providerError(link.provider, condition);
