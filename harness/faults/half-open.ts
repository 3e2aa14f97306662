import { z } from 'zod';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const forgotten = (): FaultEffect => ({ simConnection: () => 'half-open' });

/** A firewall or a load balancer on the way has forgotten the open connections: what is sent on them is lost without a word. */
export const halfOpen = defineFaultKind({
  kind: 'half-open',
  summary: 'Connections that are open when it starts are never answered again; new ones work.',
  settings: z.strictObject({}),
  appliesTo: () => true,
  live: () => ({ ...forgotten(), toxics: () => [{ type: 'half_open', stream: 'downstream', attributes: {} }] }),
  sim: forgotten,
});
