import { z } from 'zod';
import { isContainer } from '../topology/container-placements.ts';
import { defineFaultKind } from './kind.ts';

/** A dependency that hangs: its machine has stopped scheduling it, or a long pause holds it. */
export const nodePause = defineFaultKind({
  kind: 'node-pause',
  summary: 'A container is frozen: connections stay and are taken, nothing answers. In live only.',
  settings: z.strictObject({}),
  appliesTo: isContainer,
  live: () => ({ container: () => ({ state: 'paused' }) }),
});
