import { count, durationMs } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const circuitBreaker = definePolicy({
  summary: 'Keeps attempts from a link that fails again and again.',
  settings: {
    consecutiveFailures: count(5, 'Failures in a row that open it.'),
    halfOpenAfterMs: durationMs(2000, 'How long it is open before one attempt may try the link.'),
  },
  aliases: { policy: ['breaker'], settings: { threshold: 'consecutiveFailures' } },
});
