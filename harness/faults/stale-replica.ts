import { z } from 'zod';
import { defineFaultKind, type FaultEffect } from './kind.ts';
import { isRegistry } from './registry-node.ts';

const effect = (): FaultEffect => ({
  nodeCommands: () => ({
    onStart: [{ type: 'hold', isHeld: true }],
    onEnd: [{ type: 'hold', isHeld: false }],
  }),
});

/** A replica of the registry goes on answering from what it has, and takes in nothing new. */
export const staleReplica = defineFaultKind({
  kind: 'stale-replica',
  summary: 'A replica of the model registry keeps answering, and applies nothing of what its leader sends.',
  settings: z.strictObject({}),
  appliesTo: isRegistry,
  live: effect,
  sim: effect,
});
