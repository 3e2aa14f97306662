import { choice, flag } from '../field.ts';
import { definePolicy } from '../policy.ts';

/** Data that has to stay in a jurisdiction does, whatever is down. */
export const residency = definePolicy({
  summary:
    "Keeps tenants' data where it has to stay: in routing, failover, hedges, what is remembered, and calls that are shared.",
  settings: {
    failover: choice(
      ['within', 'anywhere'],
      'within',
      'Where a request goes when no region in which its data may be is usable: nowhere, or to any.',
    ),
    transfers: flag(true, 'Data goes where a mechanism lets it; without, it stays at home.'),
  },
});
