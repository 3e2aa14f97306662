import type { JobResult } from '../queue/job.ts';

/** Something that happened, of which a prediction is wanted. */
export interface StreamEvent {
  /** Chosen by the producer, and its key of idempotence: what is sent twice under one id is in the stream once. */
  readonly id: string;
  /** When it happened, milliseconds of `Date.now()`. */
  readonly eventTimeMs: number;
  /** An inference request of the Open Inference Protocol, as JSON text. */
  readonly body: string;
  /** What its producer says of it, by header, as jobs have it (queue/job-attributes.ts). */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface LoggedEvent {
  /** Place in its partition, from 0. */
  readonly offset: number;
  readonly event: StreamEvent;
}

/** What was predicted of the events of one window. */
export interface WindowCount {
  /** By the events' time, milliseconds; the end is the next window's start. */
  readonly startMs: number;
  readonly count: number;
  /** How often each label was predicted; events without a prediction are in `count` alone. */
  readonly labels: readonly number[];
}

/** Where the work on a partition stands. */
export interface Committed {
  /** First event that is not done. */
  readonly offset: number;
  /** What the processor had open then: windows.ts. Null at the start. */
  readonly state: string | null;
  /** One past the last event. */
  readonly head: number;
}

/** Work on a partition that is done. */
export interface Commit {
  readonly partition: number;
  /** Where the processor took it up. */
  readonly from: number;
  /** One past the last event that is done. */
  readonly to: number;
  readonly results: readonly JobResult[];
  /** Windows that are complete. */
  readonly windows: readonly WindowCount[];
  readonly state: string;
  /** Refused unless the partition still stands where it was taken up. */
  readonly isFenced: boolean;
}
