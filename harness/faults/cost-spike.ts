import { z } from 'zod';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  multiplier: z
    .number()
    .positive()
    .max(1000)
    .default(10)
    .describe('Times the list price, above 0, at most 1000; below 1 is a price cut.'),
});

const effect = ({ multiplier }: z.output<typeof settings>): FaultEffect => ({
  provider: ({ region, service }) => ({
    onStart: [{ type: 'set-price-multiplier', region, service, multiplier }],
    onEnd: [{ type: 'set-price-multiplier', region, service, multiplier: 1 }],
  }),
});

/** Serving becomes dear: the price endpoint says so, and the meter bills so. */
export const costSpike = defineFaultKind({
  kind: 'cost-spike',
  summary: "The provider's price is multiplied, on its price endpoint and on the bill.",
  settings,
  // Higher prices do not find more: a guard sees five times the price as well as five hundred.
  explore: { multiplier: { min: 2, max: 50 } },
  live: effect,
  sim: effect,
});
