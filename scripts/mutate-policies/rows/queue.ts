import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const store = (part: string) => rowsOf(`jobs: ${part}`, 'harness/serving/queue/memory-store.ts');
const worker = (part: string) => rowsOf(`jobs: ${part}`, 'harness/serving/worker/worker.ts');

export const queueRows: readonly Mutation[] = [
  store('one result')(
    'result-replaced',
    "if (isKnown && ifAbsent) return 'known';",
    '',
    'A second result is stored beside the first.',
    'events-broker-outage',
  ),
  store('visibility')(
    'never-hidden',
    'row.visibleAtMs = nowMs + visibilityMs;\n          orders',
    'row.visibleAtMs = nowMs;\n          orders',
    'A job that is worked on is given to others as well.',
    'jobs-worker-crash',
  ),
  store('visibility')(
    'hidden-for-ever',
    'row.visibleAtMs = nowMs + visibilityMs;\n          orders',
    'row.visibleAtMs = nowMs + 1e9;\n          orders',
    'A job whose worker has died is given to nobody.',
    'jobs-worker-crash',
  ),
  worker('completed last')(
    'never-completed',
    'if (!worker.ackEarly) await persist((during) => queue.complete(lease, during), signal);',
    '',
    'A job that is done stays in the queue.',
    'jobs-worker-crash',
  ),
  rowsOf('jobs: dead letters', 'harness/serving/worker/answer-job.ts')(
    'failure-taken-for-poison',
    "? 'poison' : 'failed'",
    "? 'poison' : 'poison'",
    'A job that could not be answered now is given up.',
    'stream-throttled',
  ),
];
