import type { CloudName } from '../../mocks/cloud/service.ts';
import type { FailureCondition } from '../../mocks/control.ts';
import { providerError } from '../../mocks/errors.ts';
import { isNode, type ServiceLink } from '../topology/link.ts';

const STATUS: Readonly<Record<FailureCondition, number>> = {
  unavailable: 503,
  internal: 500,
  throttled: 429,
  'model-error': 500,
};

/** Nodes of the stack say what is wrong in words, as the gateway does. */
const nodeError = (condition: FailureCondition): Response =>
  Response.json({ error: `The node is not well: ${condition}.` }, { status: STATUS[condition] });

/** What a caller gets when the service at the end of the link fails: the service's own shape, else its provider's. A fresh response each time. */
export const failureAt = (link: ServiceLink, condition: FailureCondition): Response =>
  link.failure?.(condition) ?? (isNode(link) ? nodeError(condition) : providerError(link.provider as CloudName, condition));
