/** Work that somebody else will do: what a producer hands to a queue. */
export interface Job {
  /** Chosen by the producer, and its key of idempotence: what is sent twice under one id is one job. */
  readonly id: string;
  /** An inference request of the Open Inference Protocol, as JSON text. */
  readonly body: string;
  /** What its caller says of it, by header; job-attributes.ts has the names. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The answer to a job, as the synchronous door would have given it. */
export interface JobResult {
  readonly jobId: string;
  /** HTTP status. */
  readonly status: number;
  /** Marks of the answer: `x-squall-served-by`, `x-squall-degraded`, `x-squall-model-version`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A job in somebody's hands, until its visibility is over. */
export interface Lease {
  readonly job: Job;
  /** Stands for this delivery of the job and for no other. */
  readonly receipt: string;
  /** How often the job has been received, this time included: 1 for the first. */
  readonly receives: number;
}

/** Where a job is. */
export type JobState =
  /** Waits to be received. */
  | { readonly type: 'queued'; readonly receives: number }
  /** In somebody's hands. */
  | { readonly type: 'leased'; readonly receives: number }
  /** Its work is over. */
  | { readonly type: 'done' }
  /** Received as often as is allowed, or beyond help. */
  | { readonly type: 'dead'; readonly receives: number; readonly reason: string };

/** A job that nobody receives any more, until it is put back. */
export interface DeadLetter {
  readonly job: Job;
  readonly receives: number;
  readonly reason: string;
}

/** What a queue holds. */
export interface QueueFigures {
  /** Can be received now. */
  readonly visible: number;
  /** Put back, and not yet visible. */
  readonly delayed: number;
  /** In somebody's hands. */
  readonly leased: number;
  readonly dead: number;
  /** Milliseconds since the oldest job that is neither done nor dead was sent; 0 where there is none. */
  readonly oldestAgeMs: number;
}

/** A result in the log of results. */
export interface LoggedResult {
  /** Place in the log: larger than that of every result before it. */
  readonly cursor: number;
  readonly result: JobResult;
}
