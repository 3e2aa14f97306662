import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const clock = rowsOf('clock correction', 'harness/serving/provider-clock.ts');
const SET = 'offsetMs = Math.abs(seenMs) < TOLERANCE_MS ? 0 : seenMs;';

export const clockRows: readonly Mutation[] = [
  clock('clock-never-set', SET, '', 'The own clock is believed.', 'clock-skew'),
  clock('clock-set-wrong-way', 'Date.now() + offsetMs', 'Date.now() - offsetMs', 'The clock is set the wrong way.', 'clock-skew'),
  clock('clock-set-halfway', '? 0 : seenMs;', '? 0 : seenMs / 2;', 'The clock is set by half of what it is off.', 'clock-skew'),
  clock('clock-never-set-back', SET, 'if (offsetMs === 0) offsetMs = seenMs;', 'A clock that was set stays so.', 'clock-skew'),
  rowsOf('clock correction', 'harness/serving/access-source.ts')(
    'refusals-not-read',
    'if (clock.learn(refusal))',
    'if (refusal === clock)',
    'What a refusal says of the time is not read.',
    'clock-skew',
  ),
];
