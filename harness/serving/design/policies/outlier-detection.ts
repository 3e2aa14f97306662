import { durationMs, share } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const outlierDetection = definePolicy({
  summary: 'Asks a link last that fails or throttles too large a share of its attempts, whatever its health checks say.',
  settings: {
    failureShare: share(0.25, 'Share of failures, as a moving average, from which on others are asked first.', { min: 0.01 }),
    halfLifeMs: durationMs(1000, 'Without attempts the memory fades by half in this time, so that the link is asked again.'),
  },
});
