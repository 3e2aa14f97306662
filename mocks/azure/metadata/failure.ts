import type { FailureCondition } from '../../control.ts';

const STATUSES: Readonly<Record<FailureCondition, readonly [status: number, error: string]>> = {
  unavailable: [503, 'Service unavailable'],
  internal: [500, 'Internal server error'],
  throttled: [429, 'Too many requests'],
  'model-error': [500, 'Internal server error'],
};

/** What the metadata endpoint answers when it fails. */
export const metadataFailure = (condition: FailureCondition): Response => {
  const [status, error] = STATUSES[condition];
  return Response.json({ error }, { status, headers: status === 429 ? { 'retry-after': '1' } : {} });
};
