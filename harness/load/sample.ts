import type { Priority } from '../serving/caller.ts';

/** How one request ended. */
export type Outcome = 'ok' | 'http-error' | 'timeout' | 'connection-error';

/** One request of the load, start to end, as the harness saw it. Times are milliseconds after the measured timeline began (warm-up is negative). */
export interface RequestRecord {
  /** When the request was due by the arrival schedule; in closed loop, when it was sent. */
  readonly dueMs: number;
  /** When it was written to the socket. */
  readonly sentMs: number;
  /** When the answer was complete, or the attempt given up. */
  readonly endMs: number;
  readonly outcome: Outcome;
  /** HTTP status; of gRPC what google.rpc.Code maps to (google/rpc/code.proto). 0 where there was none. */
  readonly status: number;
  /** `x-squall-served-by`: a link id, or `local/<rung>`. Empty when absent. */
  readonly servedBy: string;
  /** Rung in `x-squall-degraded`; empty when the answer is not degraded. */
  readonly degraded: string;
  /** Whether the predicted label is the data set's; null when there was no prediction. */
  readonly isCorrect: boolean | null;
  /** It was refused so that others are served; absent when it was not. */
  readonly isShed?: true;
  /** On whose behalf; absent for nobody's. */
  readonly tenant?: string;
  /** The job that the system under test has taken on for it; absent where it has not, and for doors that answer at once. */
  readonly jobId?: string;
  /** `default` when absent. */
  readonly priority?: Priority;
  /** `x-squall-model-version`: version of the model that answered; absent where the answer does not say. */
  readonly version?: string;
  /** What it was given of a dataset; absent for what is no such request, or was given nothing. */
  readonly read?: DataRead;
}

/** What a caller was given of a dataset. No rows are kept. */
export interface DataRead {
  /** Of the request: what the audit log knows it by. */
  readonly id: string;
  readonly dataset: string;
  /** How many rows; 0 of a statistic. */
  readonly rows: number;
  /** Region that it came from, and the caller's. */
  readonly servedFrom: string;
  readonly callerRegion: string;
  /** Of a statistic: what was asked, as a query string, what was answered, and what that may tell of any one row; null for an answer without noise. */
  readonly statistic?: {
    readonly asked: string;
    readonly values: readonly number[];
    readonly loss: { readonly epsilon: number; readonly delta: number; readonly rho?: number } | null;
  };
}
