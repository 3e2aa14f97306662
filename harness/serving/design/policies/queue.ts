import { choice, count, durationMs, flag } from '../field.ts';
import { defineChoice } from '../policy.ts';

export const queue = defineChoice({
  summary: 'Keeps jobs and their results, for the doors that answer later (`load.door` of `jobs` and `events`).',
  settings: {
    broker: choice(
      ['sqlite', 'nats', 'sqs'],
      'sqlite',
      'Where jobs are kept: sqlite in the queue itself; nats (JetStream) or sqs (on LocalStack) behind it, in live alone.',
    ),
    visibilityMs: durationMs(3000, 'How long a received job is hidden from other workers, unless its lease is extended.'),
    maxReceives: count(4, 'A job that was received this often and not completed is a dead letter.', { max: 1000 }),
    deadLetters: flag(true, 'False puts jobs back for ever, however often they fail.'),
    maxDepth: count(10_000, 'Most jobs that wait or are worked on; one more is refused.', { max: 1_000_000 }),
  },
});
