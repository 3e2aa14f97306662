import type { Protocol } from '../faults/fault.ts';

/** What rules look at of a request. */
export interface RequestFacts {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
  /** All that fit. */
  readonly protocols: readonly Protocol[];
}
