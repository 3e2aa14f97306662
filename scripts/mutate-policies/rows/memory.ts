import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const cache = rowsOf('cache', 'harness/serving/serving.ts');
const memory = rowsOf('cache', 'harness/serving/prediction-cache.ts');
const standIn = rowsOf('degrade: cached prediction', 'harness/serving/prediction-cache.ts');

export const memoryRows: readonly Mutation[] = [
  cache(
    'cache-unread',
    'if (known) return',
    'if (known && rows.length === 0) return',
    'What is known is asked for again.',
    'throttled-hot-inputs',
  ),
  cache(
    'cache-unwritten',
    'fresh?.cache.learn(rows, predictions, tenant);',
    '',
    'Answers are not remembered.',
    'throttled-hot-inputs',
  ),
  cache(
    'no-time-to-live',
    'fresh?.cache.find(rows, tenant, fresh.ttlMs)',
    'fresh?.cache.find(rows, tenant, 1e9)',
    'Answers are remembered for ever.',
    'wrong-answers-cached',
  ),
  cache(
    'short-time-to-live',
    'fresh?.cache.find(rows, tenant, fresh.ttlMs)',
    'fresh?.cache.find(rows, tenant, fresh.ttlMs / 10)',
    'Answers are forgotten after a tenth of their time.',
    'throttled-hot-inputs',
  ),
  memory(
    'age-begins-anew',
    'put(keys[at]!, entry);',
    'put(keys[at]!, { ...entry, learnedAtMs: performance.now() });',
    'What is asked often never grows old.',
    'wrong-answers-cached',
  ),
  standIn(
    'never-forgotten',
    'if (known.size <= entries) return;',
    'return;',
    'More is remembered than there is room for.',
    'false-alarm',
  ),
  standIn(
    'tenants-mixed',
    'const owner = isPerTenant ? tenant : sharedBy(tenant);',
    'const owner = sharedBy(tenant);',
    'What one tenant has asked answers another.',
    'tenant-memory',
  ),
  rowsOf('degrade: cached prediction', 'harness/serving/degrade/cached-prediction.ts')(
    'stands-in-for-ever',
    'cache.find(rows, tenant, maxAgeMs)',
    'cache.find(rows, tenant, 1e9)',
    'An answer of any age stands in for a provider.',
    'stale-stand-in',
  ),
];
