import { z } from 'zod';
import { targetPattern } from '../faults/target.ts';
import { limits } from './limits.ts';
import { duration, share } from './units.ts';

const point = z
  .strictObject({
    at: duration.describe('Start of the step on the timeline.'),
    errorRate: share.optional().describe('Share of the calls that failed.'),
    p50: duration.optional().describe('Median of how long calls took, failed ones too.'),
    p99: duration.optional().describe('99th percentile of the same.'),
    price: z
      .number()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe('What serving cost, in the unit of the recording: shown, not compared.'),
  })
  .refine(({ at: _at, ...values }) => Object.keys(values).length > 0, 'expected at least one of errorRate, p50, p99, price');

/** What callers of regions saw in an incident, on the scenario's own timeline. `squall import` writes it. */
export const recordedBlock = z.strictObject({
  source: z.string().min(1).max(200).optional().describe('Where it was recorded, and how many times as fast it is played.'),
  step: duration.refine((ms) => ms > 0, 'expected a step above 0s').describe('How long each point stands for.'),
  curves: z
    .record(targetPattern, z.array(point).min(1).max(limits.recordedPoints))
    .refine((curves) => Object.keys(curves).length > 0, 'expected at least one curve, by its region such as aws/us-east-1')
    .refine((curves) => Object.keys(curves).length <= limits.regions, `expected at most ${limits.regions} curves`)
    .describe('By target, provider/region: points in order of time.'),
});

export type ParsedRecorded = z.output<typeof recordedBlock>;
