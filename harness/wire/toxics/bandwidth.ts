import { z } from 'zod';
import { whole } from './fields.ts';
import { createPaced } from './paced.ts';
import { defineToxic } from './toxic.ts';

/** A thousand bytes a second are a byte a millisecond. */
export const bandwidth = defineToxic({
  type: 'bandwidth',
  summary: 'Lets bytes pass at a limited rate.',
  attributes: z.object({ rate: whole('Rate, KB/s (1 KB is 1,000 bytes); with 0 or less nothing passes.') }),
  open: ({ rate }, context) => createPaced(rate, context),
});
