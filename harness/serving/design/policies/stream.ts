import { choice, count, durationMs, flag } from '../field.ts';
import { defineChoice } from '../policy.ts';

export const stream = defineChoice({
  summary: 'How the processors of a stream work: read by loads of the door `stream` alone.',
  settings: {
    partitions: count(4, 'Parts of the stream, each in order by itself.', { max: 64 }),
    processors: count(2, 'Processes that share the partitions.', { max: 16 }),
    batch: count(16, 'Events that a processor has of a partition at once: it reads no more before these are answered.', {
      max: 1000,
    }),
    maxInFlight: count(16, 'Predictions that one processor has under way.', { max: 1000 }),
    windowMs: durationMs(1000, 'Length of the windows in which predictions are counted, by the time of the events.'),
    latenessMs: durationMs(500, 'How much later than the newest event an older one may come and still be counted.', { min: 0 }),
    retryDelayMs: durationMs(
      100,
      'Wait before an event is tried again that could not be answered; it doubles, up to five seconds.',
    ),
    commit: choice(
      ['together', 'results-first', 'before'],
      'together',
      'together: results, counts and place in one transaction; results-first: results, then the place; before: the place, then the work.',
    ),
    fencing: flag(true, 'Refuses what a processor commits that another has overtaken.'),
  },
});
