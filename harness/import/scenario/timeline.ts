import { SquallError } from '../../errors.ts';
import { limits } from '../../scenario/limits.ts';

/** How a recording is laid on a scenario's timeline. */
export interface Timeline {
  /** How many times as fast it is played. */
  readonly speed: number;
  /** Quiet time before it, milliseconds, where its first fault would leave no baseline. */
  readonly leadMs: number;
  readonly durationMs: number;
  /** From a moment of the recording. */
  at(recordedMs: number): number;
}

/** Speeds that are easy to reckon with: minutes become seconds. */
const SPEEDS = [
  1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 90, 120, 180, 240, 300, 600, 900, 1200, 1800, 3600, 7200, 14_400, 43_200, 86_400,
];

/** How long a scenario is at most where nobody asks for a speed, milliseconds: as long as one likes to wait in the live world. */
const COMFORTABLE_MS = 300_000;

/** How much quiet time a baseline needs, milliseconds. */
export const BASELINE_MS = 5000;

/** Shortest scenario, milliseconds. */
const LEAST_MS = 10_000;

const speedFor = (lengthMs: number): number =>
  SPEEDS.find((speed) => lengthMs / speed <= COMFORTABLE_MS) ?? Math.ceil(lengthMs / COMFORTABLE_MS);

/**
 * @param lengthMs of the recording
 * @param firstFaultMs after the start of the recording; Infinity where there is none
 * @param speed that the user asks for
 * @throws {SquallError} `BAD_FLAG` where the scenario would be longer than one may be
 */
export const createTimeline = (startMs: number, lengthMs: number, firstFaultMs: number, speed = speedFor(lengthMs)): Timeline => {
  const leadMs = Math.max(0, Math.ceil(BASELINE_MS - firstFaultMs / speed));
  const durationMs = Math.max(LEAST_MS, Math.ceil(leadMs + lengthMs / speed));
  if (durationMs > limits.durationMs) {
    const needed = Math.ceil((lengthMs / (limits.durationMs - leadMs)) * 100) / 100;
    throw new SquallError(
      'BAD_FLAG',
      `--speed: at ${speed} the recording takes ${Math.ceil(durationMs / 1000)}s, and a scenario lasts for at most ${limits.durationMs / 1000}s.`,
      `It must be ${needed} or more.`,
    );
  }
  return { speed, leadMs, durationMs, at: (recordedMs) => leadMs + (recordedMs - startMs) / speed };
};
