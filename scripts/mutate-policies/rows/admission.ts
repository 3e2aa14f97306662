import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const ADMISSION = 'harness/serving/admission';

const waiting = (part: string) => rowsOf(`admission: ${part}`, `${ADMISSION}/waiting.ts`);
const limit = rowsOf('admission: adaptive limit', `${ADMISSION}/link-limit.ts`);
const current = rowsOf('admission: adaptive limit', `${ADMISSION}/current-limit.ts`);
const admission = rowsOf('admission', `${ADMISSION}/admission.ts`);
const USABLE = 'return ofUsable > 0 ? ofUsable : ofAll;';

export const admissionRows: readonly Mutation[] = [
  waiting('priority')('priorities-unread', 'byPriority ? RANKS[priority] : 0', '0', 'All requests are equal.', 'overload'),
  waiting('priority')(
    'priorities-reversed',
    'byPriority ? RANKS[priority] : 0',
    'byPriority ? -RANKS[priority] : 0',
    'The least critical come first.',
    'overload',
  ),
  waiting('priority')(
    'anyone-next',
    'rankOf(a) - rankOf(b) ||',
    '',
    'Who waits for a place gets it whatever its priority.',
    'overload',
  ),
  waiting('priority')(
    'anyone-leaves',
    'rankOf(b) - rankOf(a) || ',
    '',
    'Who leaves a full room is not the least critical.',
    'fixed-limit',
  ),
  waiting('tenants')(
    'tenants-unread',
    '(byTenant ? inFlightOf(a.tenant) - inFlightOf(b.tenant) : 0) ||',
    '',
    'A tenant is next however much it has under way.',
    'noisy-neighbour',
  ),
  waiting('queue')(
    'room-unbounded',
    'if (guests.length <= limit) return undefined;',
    'return undefined;',
    'Everybody may wait.',
    'fixed-limit',
  ),
  admission(
    'nobody-waits',
    'isBehindOthers(caller) ? policy.standingWaitMs : policy.maxWaitMs',
    '0',
    'Who finds no place is refused at once.',
    'overload',
  ),
  admission('places-leak', 'underWay.add(tenant, -1);', '', 'A place is not given back.', 'overload'),
  admission(
    'waits-for-ever',
    'isBehindOthers(caller) ? policy.standingWaitMs : policy.maxWaitMs',
    '2 ** 30',
    'Who finds no place waits for as long as it has time.',
    'refused-soon',
  ),
  admission(
    'standing-unseen',
    'isBehindOthers(caller) ? policy.standingWaitMs : policy.maxWaitMs',
    'policy.maxWaitMs',
    'Who comes when others have been waiting waits as long as they.',
    'refused-soon',
  ),
  admission(
    'oldest-first',
    "policy.order === 'newest' || (",
    'policy.queueLimit < 0 || (',
    'Who has waited for the longest comes first.',
    'newest-first',
  ),
  current('limit-unlearned', "if (policy.limit === 'fixed')", 'if (policy)', 'The limit is what was set by hand.', 'overload'),
  current(
    'limit-tripled',
    USABLE,
    'return 3 * (ofUsable > 0 ? ofUsable : ofAll);',
    'Three times as many are taken up.',
    'overload',
  ),
  current('limit-halved', USABLE, 'return (ofUsable > 0 ? ofUsable : ofAll) / 2;', 'Half as many are taken up.', 'overload'),
  limit(
    'limit-never-grows',
    'limit = Math.min(max, isStarting ? limit * 2 : limit + Math.max(1, limit / 10));',
    '',
    'A region gets no more than in the beginning.',
    'noisy-neighbour',
  ),
  limit(
    'limit-never-shrinks',
    'limit = Math.max(Math.min(FLOOR, max), limit * share);',
    '',
    'A region keeps what it has had.',
    'fading-region',
  ),
  limit(
    'queueing-unseen',
    'else if (share < 1) shrink(share);',
    '',
    'A queue at a provider does not lower the limit.',
    'overload',
  ),
  limit(
    'baseline-drifts',
    'limit <= FLOOR ? medianMs : Math.min(unloadedMs, medianMs)',
    'medianMs',
    'What answers take under load is what they are expected to take.',
    'overload',
  ),
  rowsOf('admission: fixed limit', `${ADMISSION}/current-limit.ts`)(
    'limit-by-hand-unread',
    "if (policy.limit === 'fixed') return () => policy.maxInFlight;",
    "if (policy.limit === 'fixed') return () => 1000;",
    'The limit that was set by hand is not kept.',
    'fixed-limit',
  ),
  rowsOf('coalescing', 'harness/serving/coalescing.ts')(
    'any-input-shares',
    'JSON.stringify(rows)',
    'rows.length',
    'Different inputs share a call, and its answer.',
    'hot-input',
  ),
  rowsOf('coalescing', 'harness/serving/coalescing.ts')(
    'calls-remembered',
    'if (calls.get(key) === call) calls.delete(key);',
    '',
    'A call that has ended is shared as well.',
    'hot-input',
  ),
  rowsOf('connections', 'harness/serving/connections.ts')(
    'pool-unbounded',
    'if (inUse < policy.max) inUse += 1;',
    'if (inUse >= 0) inUse += 1;',
    'As many connections are in use as there are attempts.',
    'connection-pool',
  ),
];
