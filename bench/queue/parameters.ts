import type { CapacityConfig } from '../../mocks/emulator.ts';

/** A queue as every model of it is told: Poisson arrivals, log-normal service times, slots with a bounded first-in, first-out queue; more is throttled. */
export interface QueueParameters extends CapacityConfig {
  readonly ratePerS: number;
  readonly durationMs: number;
}

/** What every run of a model tells. */
export interface TimedRun {
  readonly requests: number;
  /** Real time that the run took, milliseconds. */
  readonly tookMs: number;
}

/** What one run of the queue gave. */
export interface QueueRun extends TimedRun {
  readonly throttled: number;
  /** Share of the slots' time that they were taken, 0..1. */
  readonly utilisation: number;
  /** Mean time in the queue of those that were served, milliseconds. */
  readonly meanWaitMs: number;
}

/**
 * Sixty seconds of two hundred requests a second at four slots of 20 ms: 105 % of what they can serve, so that all of the queue is at work, and a
 * few of a hundred requests are throttled.
 */
export const QUEUE: QueueParameters = {
  ratePerS: 200,
  durationMs: 60_000,
  serviceTimeMs: 20,
  serviceTimeSigma: 0.25,
  concurrency: 4,
  queueLimit: 12,
};
