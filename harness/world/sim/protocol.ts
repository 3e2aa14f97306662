import type { SquallErrorCode } from '../../errors.ts';
import type { RunPlan, RunRecord } from '../world.ts';
import type { Observations } from './observations.ts';

/** What a simulated run gives back. */
export interface SimResult extends RunRecord {
  readonly observations: Observations;
  /** Chrome trace-event JSON, when it was asked for. */
  readonly trace?: string;
}

export interface SimRunOptions {
  /** Whether the run's event log is wanted. */
  readonly trace?: boolean;
}

/** What a simulating thread is started with. */
export interface SimWorkerData {
  /** URL of a module with the user's handler; absent runs the reference stack. */
  readonly sut?: string;
}

/** What the parent tells a simulating thread: one run at a time. */
export interface ToSimWorker {
  readonly type: 'run';
  readonly plan: RunPlan;
  readonly options: SimRunOptions;
}

/** What the thread tells its parent. */
export type FromSimWorker =
  | { readonly type: 'done'; readonly result: SimResult }
  | { readonly type: 'failed'; readonly text: string; readonly code?: SquallErrorCode; readonly remedy?: string };
