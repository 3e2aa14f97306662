import { choice, count, durationMs, flag, number } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const audit = definePolicy({
  summary:
    'Every read of a dataset is an entry of a log that shows whatever is done to it, and unusual reads raise an alert; for scenarios with datasets.',
  settings: {
    write: choice(
      ['before-answer', 'buffered'],
      'before-answer',
      'before-answer: an entry is on the disk before its read is answered; buffered: entries are written every `flush`, and die with the process.',
    ),
    flushMs: durationMs(1000, 'From one writing of buffered entries to the next.'),
    checkpointEvery: count(100, 'Entries from one signed checkpoint to the next.'),
    detector: choice(['off', 'rules', 'statistics', 'both'], 'both', 'What looks for unusual reads.'),
    windowMs: durationMs(2000, 'What a caller reads is added up over such windows, and compared with those before.'),
    threshold: number(4.5, 'Deviations from what is usual for a caller from which on a window is unusual.', {
      min: 1,
      max: 1000,
    }),
    suspend: flag(false, 'A caller that an alert is about is refused from then on, until somebody has looked at it.'),
  },
});
