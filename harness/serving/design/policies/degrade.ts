import { count, list } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const degrade = definePolicy({
  summary: 'Answers without a provider when no link can, marked as degraded.',
  settings: {
    ladder: list(
      ['fallback-model', 'cached-prediction', 'rules'],
      ['fallback-model', 'cached-prediction', 'rules'],
      'Ways to answer, in the order in which they are tried.',
    ),
    cacheEntries: count(1000, 'Rows whose predictions are remembered.'),
  },
});
