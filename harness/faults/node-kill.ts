import { z } from 'zod';
import { isNode } from '../topology/link.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const effect = (): FaultEffect => ({
  node: () => 'kill',
  connection: ({ role }) => (role === 'service' ? 'refuse' : undefined),
});

/** A process of the stack dies without a last word. */
export const nodeKill = defineFaultKind({
  kind: 'node-kill',
  summary:
    'A node of the stack, such as stack/us-east/worker-1, is killed at the start and started again at the end, with what its store has kept.',
  settings: z.strictObject({}),
  appliesTo: isNode,
  live: effect,
  sim: effect,
});
