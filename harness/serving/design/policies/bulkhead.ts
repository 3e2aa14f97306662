import { count } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const bulkhead = definePolicy({
  summary:
    'Bounds the attempts that are under way on one link, so that a link that holds them does not hold all that the gateway can have.',
  isOn: false,
  settings: { maxInFlight: count(32, 'Attempts under way on one link; the next goes to another link.') },
});
