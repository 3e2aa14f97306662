import { jobFacts } from '../../verdict/jobs.ts';
import { firstOf, type Invariant } from './invariant.ts';

/** What the queue has taken on is answered, once, whoever dies in between. */
export const jobsAnsweredOnce: Invariant = {
  name: 'jobs-answered-once',
  summary: 'Every job that was accepted has one answer, or is a dead letter, when the run is over; none has two.',
  needs: 'record',
  check({ record }) {
    const jobs = record.end.type === 'completed' ? jobFacts(record) : undefined;
    if (!jobs) return [];
    return [
      ...firstOf(jobs.lost, (id) => `Job ${id} was accepted and never answered`),
      ...firstOf(jobs.answeredTwice, (id) => `Job ${id} has more than one answer`),
    ];
  },
};
