import type { DeadLetter, Job, JobResult, JobState, Lease, LoggedResult, QueueFigures } from './job.ts';

/**
 * Where a queue keeps its jobs and results. Every function is one transaction: whole or not at all, and for good once it returns. Functions
 * return at once, so that nothing comes between two parts of a transaction. Moments are milliseconds of `Date.now()`: a store outlives
 * processes, and their own clocks begin anew.
 *
 * What holds of every store, whatever is done to it (test/harness/serving/queue/store-contract.ts):
 * - a job that was accepted is queued, leased, done or dead, until it is pruned
 * - a job that is leased is not received again before its visibility is over
 * - a receipt whose visibility is over, or whose job was put back, is refused
 * - a job is dead when it was received `maxReceives` times and nobody completed it, or when it was buried; not before, and not else
 */
export interface QueueStore {
  /** @returns `known` for a job whose id there is already, whatever has become of it: nothing changes then */
  send(job: Job, nowMs: number): 'accepted' | 'known';
  /** Those that have been visible the longest come first. A job that was received too often becomes dead here instead. */
  receive(ask: ReceiveAsk, nowMs: number): readonly Lease[];
  /** The lease lasts `visibilityMs` from now. @returns false when it is over */
  extend(receipt: string, visibilityMs: number, nowMs: number): boolean;
  /** The job is done. @returns false when the lease is over */
  complete(receipt: string, nowMs: number): boolean;
  /** Puts the job back: visible after `delayMs`, or dead when it has been received `maxReceives` times. @returns false when the lease is over */
  release(receipt: string, back: PutBack, nowMs: number): boolean;
  /** The job is beyond help: dead. @returns false when the lease is over */
  bury(receipt: string, reason: string, nowMs: number): boolean;
  /** Jobs that were received `maxReceives` times and whose leases are over become dead. @returns how many */
  buryExhausted(maxReceives: number, nowMs: number): number;
  /** @returns undefined for a job that there is not */
  stateOf(jobId: string, nowMs: number): JobState | undefined;
  figures(nowMs: number): QueueFigures;
  /** In the order in which they were sent. */
  deadLetters(max: number): readonly DeadLetter[];
  /** Dead jobs are visible again, as if never received. @param jobIds `all` for every dead one @returns how many */
  redrive(jobIds: readonly string[] | 'all', nowMs: number): number;
  /** @param ifAbsent false adds a result beside those that the job has @returns `known` when there is one, and it was not added */
  putResult(result: JobResult, ifAbsent: boolean, nowMs: number): 'stored' | 'known';
  /** The first. */
  resultOf(jobId: string): JobResult | undefined;
  /** From the log, in its order. @param cursor of the last that the reader has; 0 for none */
  resultsAfter(cursor: number, max: number): readonly LoggedResult[];
  /** When a job that is not visible now will be; Infinity where there is none. */
  nextVisibleAtMs(nowMs: number): number;
  /** Forgets jobs that were done, and results that were stored, before that moment. @returns how many of both */
  prune(beforeMs: number): number;
}

export interface ReceiveAsk {
  /** Most that are received at once. */
  readonly max: number;
  readonly visibilityMs: number;
  readonly maxReceives: number;
}

export interface PutBack {
  readonly delayMs: number;
  /** Why, in words: of the dead letter, if it becomes one. */
  readonly reason: string;
  readonly maxReceives: number;
}

/** Why a job is dead that nobody gave a reason for: whoever had it went away each time. */
export const EXHAUSTED = 'Every lease ended without a word.';
