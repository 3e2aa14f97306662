import { z } from 'zod';
import { isContainer, isRunningElsewhere } from '../topology/container-placements.ts';
import { isNode } from '../topology/link.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const effect = (): FaultEffect => ({
  node: (link) => (isContainer(link) ? undefined : 'paused'),
  container: (link) => (isContainer(link) ? { state: 'paused' } : undefined),
});

/** A process that hangs: its machine has stopped scheduling it, or a long pause of a garbage collector holds it. When it goes on it knows nothing of it. */
export const nodePause = defineFaultKind({
  kind: 'node-pause',
  summary:
    'A node of the stack, such as stack/us-east/registry, or a container is frozen: connections stay and are taken, nothing answers; at the end it goes on where it was.',
  settings: z.strictObject({}),
  appliesTo: (link) => isNode(link) && !isRunningElsewhere(link),
  live: effect,
  sim: effect,
});
