import type { JobState } from '../serving/queue/job.ts';

/**
 * What has become of jobs that a broker has, as whoever speaks to it has seen it: for brokers that cannot be asked. On the disk, beside the
 * broker; what it says of a job is for its caller, and the broker alone decides who gets it.
 */
export interface JobLedger {
  knows(jobId: string): boolean;
  /** It waits, as if never received. */
  sent(jobId: string): void;
  received(jobId: string, receives: number, receipt: string, endsAtMs: number): void;
  /** The lease ends at that moment of `Date.now()`; 0 for one that was given back. */
  extended(receipt: string, endsAtMs: number): void;
  done(receipt: string): void;
  dead(jobId: string, receives: number, reason: string): void;
  /** A job that was received so often and is in nobody's hands is dead. @returns undefined for one that was never seen */
  stateOf(jobId: string, maxReceives: number, nowMs: number): JobState | undefined;
}
