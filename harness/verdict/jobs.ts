import type { QueueAudit } from '../serving/queue/queue-audit.ts';
import type { RunRecord } from '../world/world.ts';

/** What became of the jobs of a run, by what callers were promised and what the queue held when all was over. */
export interface JobFacts {
  /** Jobs that the system under test has taken on, the warm-up's too. */
  readonly accepted: number;
  /** Of these, the ids of those that have no answer and are no dead letter. */
  readonly lost: readonly string[];
  /** Ids of jobs with more than one answer. */
  readonly answeredTwice: readonly string[];
  readonly deadLetters: number;
  /** Jobs that the queue still had. */
  readonly unfinished: number;
}

const isQueueAudit = (audit: unknown): audit is QueueAudit => (audit as QueueAudit | null | undefined)?.type === 'queue';

/** @returns undefined where the run has no queue, or it could not be asked */
export const jobFacts = ({ requests, audits = {} }: Pick<RunRecord, 'requests' | 'audits'>): JobFacts | undefined => {
  const queues = Object.values(audits).filter(isQueueAudit);
  if (queues.length === 0) return undefined;
  const answers = queues.flatMap((queue) => Object.entries(queue.answers));
  const answered = new Set(answers.map(([id]) => id));
  const dead = new Set(queues.flatMap(({ deadLetters }) => deadLetters));
  const accepted = requests.flatMap(({ jobId }) => jobId ?? []);
  return {
    accepted: accepted.length,
    lost: accepted.filter((id) => !answered.has(id) && !dead.has(id)),
    answeredTwice: answers.filter(([, count]) => count > 1).map(([id]) => id),
    deadLetters: dead.size,
    unfinished: queues.reduce((sum, { open }) => sum + open, 0),
  };
};
