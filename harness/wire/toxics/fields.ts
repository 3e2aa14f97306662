import { z } from 'zod';

/**
 * A whole number as Toxiproxy's attributes are: any that a 64-bit integer holds, also below 0, and 0 when it is not given. `z.int()` would
 * refuse those that JavaScript can't tell apart from their neighbours.
 */
export const whole = (help: string) =>
  z.number().refine(Number.isInteger, 'expected a whole number').default(0).meta({ description: help, type: 'integer' });

/** A share, 0 to 1. */
export const share = (help: string) => z.number().min(0).max(1).optional().describe(help);
