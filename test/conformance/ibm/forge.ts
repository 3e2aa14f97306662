import type { Credential } from '../case.ts';

/** Another key of the same form. */
export const forgeApiKey = (credential: Credential): Credential => ({
  ...credential,
  apikey: (credential.apikey ?? '').replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
});
