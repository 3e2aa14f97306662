import { count, durationMs, flag } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const cache = definePolicy({
  summary:
    'Answers what was predicted for the same input a moment ago, without asking a provider: a full answer, not a degraded one.',
  isOn: false,
  settings: {
    ttlMs: durationMs(10_000, 'How long a prediction is as good as a new one.'),
    entries: count(1000, 'Rows that are remembered; the least recently used is forgotten first.'),
    perTenant: flag(true, 'What one tenant has asked answers no other.'),
  },
});
