import { count, durationMs, flag, list } from '../field.ts';
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
    cacheMaxAgeMs: durationMs(600_000, 'How old a prediction may be that stands in for one that cannot be had.'),
    cachePerTenant: flag(true, 'What one tenant has asked answers no other.'),
  },
});
