import { choice, flag } from '../field.ts';
import { defineChoice } from '../policy.ts';

export const routing = defineChoice({
  summary: 'Which link a request is sent to.',
  settings: {
    policy: choice(
      ['priority', 'latency', 'cost'],
      'priority',
      'What orders the links: configured priority, measured latency, or current price.',
    ),
    failover: flag(true, 'False sends every attempt to the first link, come what may.'),
  },
});
