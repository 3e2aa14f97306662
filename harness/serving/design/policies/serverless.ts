import { choice, count, durationMs } from '../field.ts';
import { definePolicy } from '../policy.ts';

// The limits of 200 are SageMaker's: API reference, ProductionVariantServerlessConfig; a copy, read November 2026.
export const serverless = definePolicy({
  summary:
    'Deploys without instances: an environment for each request at a time, started when there is none, gone when it is idle.',
  isOn: false,
  settings: {
    where: choice(['all', 'first', 'others'], 'all', 'Regions that are deployed so: all, the first one, or all but the first.'),
    maxConcurrency: count(20, 'Requests at a time in a region; one more is throttled.', { max: 200 }),
    provisionedConcurrency: count(0, 'Environments of a region that are kept warm, used or not.', { min: 0, max: 200 }),
    keepAliveMs: durationMs(5000, 'An environment that has been idle for so long is gone.'),
  },
});
