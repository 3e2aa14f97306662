import { count, durationMs, flag } from '../field.ts';
import { defineChoice } from '../policy.ts';

export const worker = defineChoice({
  summary: 'Takes jobs from the queue and answers them under the same policies as the gateway.',
  settings: {
    workers: count(2, 'Processes.', { max: 16 }),
    concurrency: count(8, 'Jobs that each works on at once; no more are taken.', { max: 256 }),
    extendLeases: flag(true, 'Extends the visibility of a job while it is worked on.'),
    ackEarly: flag(false, 'True takes a job off the queue before its work is done: a worker that dies then takes it along.'),
    idempotentResults: flag(true, 'False stores a result whether or not the job has one.'),
    retryDelayMs: durationMs(500, 'A job that could not be answered is put back for this long, and twice as long each time.'),
  },
});
