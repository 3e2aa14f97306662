import { z } from 'zod';
import { isNode } from '../topology/link.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

/** More would be a load, not a fault. */
const MAX_JOBS = 1000;

const settings = z.strictObject({
  jobs: z.number().int().min(1).max(MAX_JOBS).prefault(10).describe('How many come, all when the fault starts.'),
});

const effect = ({ jobs }: z.output<typeof settings>): FaultEffect => ({
  nodeCommands: () => ({ onStart: [{ type: 'poison', jobs }], onEnd: [] }),
});

/** A producer that nobody knows sends what no worker can read. */
export const poisonJobs = defineFaultKind({
  kind: 'poison-jobs',
  summary: 'Jobs that no worker can read come into the queue of the stack, stack/us-east/queue, from elsewhere.',
  settings,
  appliesTo: (link) => isNode(link) && link.kind === 'queue',
  live: effect,
  sim: effect,
});
