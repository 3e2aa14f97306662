import { z } from 'zod';
import { duration, rate, share } from './units.ts';

const span = duration
  .refine((ms) => ms >= 100, 'expected at least 100ms')
  .prefault('5s')
  .describe('How far back is looked: the bound must be broken over that long.');

const atLeast = <Schema extends z.ZodType>(of: Schema) => z.strictObject({ min: of, for: span }).optional();
const atMost = <Schema extends z.ZodType>(of: Schema) => z.strictObject({ max: of, for: span }).optional();

/** Stop conditions: what ends a run before it does more harm, or wastes more time. docs/scenarios.md. */
export const abortBlock = z
  .strictObject({
    availability: atLeast(share),
    goodput: atLeast(rate),
    p50: atMost(duration),
    p95: atMost(duration),
    p99: atMost(duration),
  })
  .refine(
    (conditions) => Object.keys(conditions).length > 0,
    'names no condition; expected one such as availability: { min: 50%, for: 5s }',
  );

export type ParsedAbort = z.output<typeof abortBlock>;
