import { choice, flag } from '../field.ts';
import { defineChoice } from '../policy.ts';

export const routing = defineChoice({
  summary: 'Which link a request is sent to.',
  settings: {
    policy: choice(
      ['priority', 'latency', 'cost', 'least-loaded'],
      'priority',
      'What orders the links: configured priority, measured latency, current price, or attempts under way.',
    ),
    failover: flag(true, 'False sends every attempt to the first link, come what may.'),
  },
});
