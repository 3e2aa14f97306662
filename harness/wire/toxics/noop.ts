import { z } from 'zod';
import { defineToxic } from './toxic.ts';

/** Toxiproxy's clients may ask for it too. */
export const noop = defineToxic({ type: 'noop', summary: 'Lets all pass as it is.', attributes: z.object({}) });
