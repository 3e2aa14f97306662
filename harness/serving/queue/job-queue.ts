import type { Design } from '../config.ts';
import type { DeadLetter, Job, JobResult, JobState, Lease, LoggedResult, QueueFigures } from './job.ts';

/**
 * A durable queue of jobs, whatever broker is behind it. Each job is delivered at least once: whoever has received one has it until its
 * visibility is over, and then somebody else may have it too. Every function rejects with `BrokerUnavailable` when the broker cannot be
 * reached or does not answer; whether what was asked for has been done is not known then, and asking again does no harm.
 */
export interface JobQueue {
  /**
   * Resolves once the job is kept for good.
   * @returns `known` when the broker has seen the id before, as long as it remembers: nothing has changed then
   */
  send(job: Job, signal: AbortSignal): Promise<'accepted' | 'known'>;
  /** Waits for jobs until there is one, or the time is over. */
  receive(ask: ReceiveJobs, signal: AbortSignal): Promise<readonly Lease[]>;
  /** The lease lasts for `visibilityMs` from now. @returns false when it is over, or cannot be longer */
  extend(lease: Lease, visibilityMs: number, signal: AbortSignal): Promise<boolean>;
  /** The job is done. @returns false when the lease was over: somebody else may be at it, too */
  complete(lease: Lease, signal: AbortSignal): Promise<boolean>;
  /** Puts the job back, to be received after `delayMs`; or makes it a dead letter when it has been received too often. */
  release(lease: Lease, back: { readonly delayMs: number; readonly reason: string }, signal: AbortSignal): Promise<boolean>;
  /** No further try can help: makes the job a dead letter at once. */
  bury(lease: Lease, reason: string, signal: AbortSignal): Promise<boolean>;
  figures(signal: AbortSignal): Promise<QueueFigures>;
}

export interface ReceiveJobs {
  /** Most that are received at once. */
  readonly max: number;
  readonly visibilityMs: number;
  /** Longest wait for a job. */
  readonly waitMs: number;
}

/** Where the answers to jobs are, and stay. */
export interface ResultStore {
  /**
   * Resolves once the result is kept for good. Whoever puts a result before it completes the job gives each job one answer, though the job
   * may be delivered twice.
   * @returns `known` when the job has a result: that one stands
   */
  put(result: JobResult, signal: AbortSignal): Promise<'stored' | 'known'>;
  /** As a store has it that nobody told of ids: results stand beside each other. For designs that do without idempotence. */
  append(result: JobResult, signal: AbortSignal): Promise<void>;
  /** @param waitMs longest wait for a result that is not there yet @returns undefined when there is none by then */
  get(jobId: string, waitMs: number, signal: AbortSignal): Promise<JobResult | undefined>;
  /** In the order in which results were put. @param cursor of the last that the reader has; 0 for none */
  read(cursor: number, max: number, waitMs: number, signal: AbortSignal): Promise<readonly LoggedResult[]>;
}

/** Jobs that were given up. */
export interface DeadLetters {
  list(max: number, signal: AbortSignal): Promise<readonly DeadLetter[]>;
  /** Puts them back into the queue, as if never received. @param only those of these ids; all when left out @returns how many */
  redrive(max: number, signal: AbortSignal, only?: readonly string[]): Promise<number>;
}

/** All that a broker does for the stack. */
export interface Broker {
  readonly queue: JobQueue;
  readonly results: ResultStore;
  readonly deadLetters: DeadLetters;
  /** Where a job is; undefined for one that the broker has never seen, or where it cannot tell. */
  stateOf(jobId: string, signal: AbortSignal): Promise<JobState | undefined>;
}

/** A broker of somebody else's, and what the stack asks of it. Plain data. */
export interface BrokerSettings {
  readonly kind: Exclude<Design['queue']['broker'], 'sqlite'>;
  /** Where it is reached, e.g. `http://127.0.0.1:20012`. */
  readonly origin: string;
  /** Its queues or streams are called by it: letters, digits, `-` and `_`. */
  readonly name: string;
  readonly visibilityMs: number;
  /** Infinity where there are no dead letters. */
  readonly maxReceives: number;
}

/** A connection to a broker. It is made when it is first needed, and again when it is lost. */
export interface ConnectedBroker extends Broker {
  close(): void;
}

/** The broker cannot be reached, does not answer in time, or is out of order. */
export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerUnavailable';
}

/** The broker refuses the job: it is too large, or the queue is full. */
export class JobRefused extends Error {
  override readonly name = 'JobRefused';
  readonly kind: 'too-large' | 'queue-full' | 'bad-request';

  constructor(kind: JobRefused['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
