import type { RequestRecord } from '../load/sample.ts';
import { formatValue } from './format.ts';

/** A request that left this long after it was due was held up on the harness's side, milliseconds. */
const LATE_MS = 100;
/** More late requests than this, and the run measures a machine that is too busy rather than the design. */
const MAX_LATE_SHARE = 0.05;

/**
 * Why a broken expectation can't be held against the design; null when it can. The system under test has no part in when a request is
 * sent: that one is late shows that the machine had no time for the load, and then it had none for anything else.
 * @param requests those due within the measured timeline
 */
export const lateLoad = (requests: readonly RequestRecord[]): string | null => {
  const late = requests.filter((request) => request.sentMs - request.dueMs > LATE_MS).length;
  if (late <= requests.length * MAX_LATE_SHARE) return null;
  const share = formatValue('share', late / requests.length);
  return `the machine was too busy to judge by: ${share} of the requests were sent more than ${LATE_MS} ms after they were due (n=${requests.length})`;
};
