import { z } from 'zod';
import { defineFaultKind } from './kind.ts';

/** A firewall or a load balancer on the way has forgotten the open connections: what is sent on them is lost without a word. */
export const halfOpen = defineFaultKind({
  kind: 'half-open',
  summary: 'Connections that are open when it starts are never answered again; new ones work. In sim only.',
  settings: z.strictObject({}),
  appliesTo: () => true,
  sim: () => ({ simConnection: () => 'half-open' }),
});
