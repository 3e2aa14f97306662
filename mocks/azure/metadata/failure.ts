import type { FailureCondition } from '../../control.ts';

/** The metadata service knows no 503: it says 500, "retry after some time". Source: "Azure Instance Metadata Service", errors; read November 2026. The words are ours. */
const STATUSES: Readonly<Record<FailureCondition, readonly [status: number, error: string]>> = {
  unavailable: [500, 'Service error'],
  internal: [500, 'Internal server error'],
  throttled: [429, 'Too many requests'],
  'model-error': [500, 'Internal server error'],
};

/** What the metadata endpoint answers when it fails. */
export const metadataFailure = (condition: FailureCondition): Response => {
  const [status, error] = STATUSES[condition];
  return Response.json({ error }, { status, headers: status === 429 ? { 'retry-after': '1' } : {} });
};
