import { count } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const coalescing = definePolicy({
  summary: 'Requests with the same input at the same time share one call.',
  isOn: false,
  settings: { maxShared: count(1000, 'Requests that share one call at most; one more begins the next.') },
});
