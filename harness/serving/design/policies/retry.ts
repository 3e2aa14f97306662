import { count, durationMs, perS, share } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const retry = definePolicy({
  summary: 'Attempts a failed request again, within a budget.',
  settings: {
    maxRetries: count(2, 'Attempts beyond the first.', { min: 0, max: 10 }),
    budgetRatio: share(
      0.1,
      'Retries and hedges allowed as a share of requests, over the last ten seconds (SRE book, "Handling overload": 10 %).',
    ),
    budgetMinPerS: perS(5, 'Always allowed, a second, so that a low rate is not without retries.'),
    initialBackoffMs: durationMs(10, 'Wait before the first retry, before jitter.', { min: 0 }),
    maxBackoffMs: durationMs(100, 'Longest wait.', { min: 0 }),
  },
});
