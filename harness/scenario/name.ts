import { z } from 'zod';
import { shown } from './explain.ts';

/** A name of a scenario, a design or a fault: it stands in reports, file names and flags. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, {
  error: ({ input }) => `expected a name of small letters, digits and hyphens, at most 64, got ${shown(input)}`,
});
