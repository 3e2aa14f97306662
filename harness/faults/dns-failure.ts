import { z } from 'zod';
import { defineFaultKind } from './kind.ts';

/** The names of a provider's endpoints are not found: new connections can't be made, open ones go on. */
export const dnsFailure = defineFaultKind({
  kind: 'dns-failure',
  summary: "The endpoints' names are not found: open connections go on, new ones can't be made. In sim only.",
  settings: z.strictObject({}),
  appliesTo: () => true,
  sim: () => ({ simConnection: () => 'no-name' }),
});
