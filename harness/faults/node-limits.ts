import { z } from 'zod';
import { mebibytes } from '../scenario/units.ts';
import { isContainer } from '../topology/container-placements.ts';
import { defineFaultKind } from './kind.ts';

const settings = z.strictObject({
  cpus: z.number().min(0.01).max(1024).default(0.1).describe('Processors that it may use, e.g. 0.1.'),
  memory: mebibytes
    .optional()
    .describe('Memory that it may use, e.g. 64MiB; what needs more, or uses more already, is ended. As before when left out.'),
});

/** A noisy neighbour, or limits that were set too low. */
export const nodeLimits = defineFaultKind({
  kind: 'node-limits',
  summary: 'A container gets less processor time or memory. In live only.',
  settings,
  appliesTo: isContainer,
  live: ({ cpus, memory }) => ({
    container: () => ({ limits: { cpus, ...(memory === undefined ? {} : { memoryMb: memory }) } }),
  }),
});
