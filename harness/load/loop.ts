import type { Attempt } from './attempts.ts';
import type { Lane } from './lane.ts';

/** What decides when requests are sent. */
export interface Loop {
  start(lanes: readonly Lane[]): void;
  /** The lane can send again. */
  onIdle(lane: Lane, after: 'answer' | 'lost' | 'abort'): void;
  /** The attempt has ended. */
  onSettled(attempt: Attempt): void;
  /** No further arrivals. */
  stop(): void;
}

export interface LoopOptions {
  /** Milliseconds after the measured timeline began. */
  nowMs(): number;
  begin(dueMs: number): Attempt;
  /** Called once: no further arrival will be begun. */
  onExhausted(): void;
}
