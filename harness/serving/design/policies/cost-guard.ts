import { durationMs, number } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const costGuard = definePolicy({
  summary: 'Watches prices and leaves links that cost more than the limit while a cheaper one is healthy.',
  settings: {
    // About twice what the dearest instance of the price book costs at 100 ms a prediction with four at a time.
    maxUsdPer1k: number(0.02, 'US dollars per 1,000 predictions.', { min: 1e-9, max: 1e6 }),
    refreshMs: durationMs(1000, 'From one look at a price to the next.'),
  },
});
