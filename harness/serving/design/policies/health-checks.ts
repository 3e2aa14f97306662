import { count, durationMs, share } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const healthChecks = definePolicy({
  summary: 'Asks each link for a prediction at intervals, and takes it out while it gives none.',
  settings: {
    intervalMs: durationMs(1000, 'From one check of a link to the next.'),
    jitter: share(
      0,
      'How far an interval may be off, drawn at random, so that the checks of many gateways do not come together.',
    ),
    timeoutMs: durationMs(900, 'A check that takes longer has failed.'),
    unhealthyThreshold: count(2, 'Failures in a row that take a link out.'),
    healthyThreshold: count(2, 'Successes in a row that bring it back.'),
  },
});
