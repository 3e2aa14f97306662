import { z } from 'zod';
import { metricBounds } from './metric-bounds.ts';
import { duration } from './units.ts';

const MAX_FAULTS = 8;
const MAX_REGIONS = 32;

const positive = duration.refine((ms) => ms > 0, 'expected more than 0s');
const bound = z.union([z.string(), z.number()]);

const range = z
  .strictObject({
    min: bound.optional().describe('Smallest value, as the setting is written.'),
    max: bound.optional().describe('Largest value.'),
    only: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(1)
      .max(64)
      .optional()
      .describe('These values and no others.'),
  })
  .refine((range) => Object.keys(range).length > 0, 'says nothing; expected min, max or only');

/** What a scenario says of `squall explore`: docs/explore.md. */
export const exploreBlock = z.strictObject({
  kinds: z.array(z.string()).min(1).max(64).optional().describe('Fault kinds; every one that sim knows when left out.'),
  maxFaults: z.number().int().min(1).max(MAX_FAULTS).optional().describe('Faults in one schedule.'),
  maxRegionsPerProvider: z
    .number()
    .int()
    .min(1)
    .max(MAX_REGIONS)
    .optional()
    .describe('Regions of one provider that faults act on at the same time.'),
  from: duration.optional().describe('No fault starts earlier.'),
  until: positive.optional().describe('No fault ends later.'),
  length: z
    .strictObject({ min: positive.optional(), max: positive.optional() })
    .refine(({ min, max }) => min === undefined || max === undefined || min <= max, 'expected min at most max')
    .optional()
    .describe('How long a fault lasts.'),
  failoverWithin: positive.optional().describe('After a change, full quality is back within this while a region is untouched.'),
  recoverWithin: positive.optional().describe('After the last fault, the service is back within this.'),
  settings: z.record(z.string(), z.record(z.string(), range)).optional().describe('By fault kind and setting: min, max, only.'),
  expect: z
    .partialRecord(z.enum(['all', 'recovery']), metricBounds)
    .optional()
    .describe('What holds under any schedule.'),
  except: z.array(z.string()).max(32).optional().describe('Invariants that do not apply.'),
});

export type ParsedExplore = z.output<typeof exploreBlock>;
