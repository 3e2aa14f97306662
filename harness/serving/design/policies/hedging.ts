import { durationMs } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const hedging = definePolicy({
  summary: 'A second attempt on the next link beside one that is slow.',
  settings: { afterMs: durationMs(250, 'An attempt that has not answered by then is slow.') },
});
