import { z } from 'zod';
import { countriesOf, jurisdictions } from '../topology/residency/jurisdictions.ts';
import { type Residency, transferNames } from '../topology/residency/transfers.ts';
import { shown } from './explain.ts';

const known = Object.keys(jurisdictions).join(', ');

/** A country by itself, or one of the table of jurisdictions. */
const jurisdiction = z.string().refine((name) => countriesOf(name) !== undefined, {
  error: ({ input }) => `expected a jurisdiction (${known}), or a country's code of two capital letters; got ${shown(input)}`,
});

const described = z.strictObject({
  within: jurisdiction.describe("Where the data is at home: a jurisdiction, or a country's code."),
  transfers: z
    .array(z.enum(transferNames))
    .prefault([])
    .describe('Mechanisms that let it go further; none when left out: it stays.'),
});

/** Where somebody's data has to stay: `EU`, or a mapping with what lets it go further. */
export const residencyBlock = z
  .union([jurisdiction.transform((within): Residency => ({ within, transfers: [] })), described], {
    error: ({ input }) => `expected a jurisdiction (${known}), a country's code, or a mapping with within; got ${shown(input)}`,
  })
  .describe('Where its data has to stay.');
