import { durationMs } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const credentialRefresh = definePolicy({
  summary: 'Reads the credential again and gets a new token when a provider refuses the present one.',
  settings: { minIntervalMs: durationMs(500, 'From one refresh to the next, at least.', { min: 0 }) },
});
