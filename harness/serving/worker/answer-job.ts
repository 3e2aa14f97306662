import { FAILURES, failureOf } from '../doors/failures.ts';
import { marksOf } from '../doors/marks.ts';
import { type InferRequest, parseInferRequest, renderInferResponse } from '../open-inference.ts';
import type { Job, JobResult } from '../queue/job.ts';
import { callerOf, SUBJECT } from '../queue/job-attributes.ts';
import type { Stack } from '../stack.ts';

/** What became of the work on a job. */
export type JobOutcome =
  | { readonly type: 'answered'; readonly result: JobResult }
  /** Another try may help. */
  | { readonly type: 'failed'; readonly reason: string }
  /** No try can help. */
  | { readonly type: 'poison'; readonly reason: string };

/** Answers one job; never rejects. */
export type AnswerJob = (job: Job, signal: AbortSignal) => Promise<JobOutcome>;

const HTTP_DEADLINE = 504;

const failureResult = (jobId: string, status: number, error: string): JobResult => ({
  jobId,
  status,
  headers: {},
  body: JSON.stringify({ error }),
});

/** A job under the stack's policies, as the synchronous doors serve a request. */
export const createAnswerJob =
  (stack: Stack): AnswerJob =>
  async (job, signal) => {
    try {
      const caller = callerOf(job, Date.now());
      // Whoever asked has given up: it gets that in writing, for each job has one answer.
      if (caller.deadlineMs < 1) {
        return { type: 'answered', result: failureResult(job.id, HTTP_DEADLINE, 'The deadline of the job is over.') };
      }
      let parsed: InferRequest | undefined;
      const read = () => {
        parsed = parseInferRequest(job.body);
        return parsed.rows;
      };
      const answer = await stack.infer(read, { ...caller, signal });
      const body = JSON.stringify(renderInferResponse(stack.model, parsed!, answer));
      return { type: 'answered', result: { jobId: job.id, status: 200, headers: marksOf(answer), body } };
    } catch (error) {
      const { kind, message } = failureOf(error);
      // Whoever ordered it may do so no longer: that is its answer, and no try can help.
      // Of a job that nobody has ordered it is nobody's: somebody has to look at it.
      if (kind === 'forbidden' || kind === 'unauthenticated') {
        if (job.attributes[SUBJECT] === undefined) return { type: 'poison', reason: message };
        return { type: 'answered', result: failureResult(job.id, FAILURES[kind].http, message) };
      }
      return { type: kind === 'bad-request' || kind === 'too-large' ? 'poison' : 'failed', reason: message };
    }
  };
