import { createRandom } from '../random.ts';
import type { LoadPlan, RateStage } from '../scenario/scenario.ts';

/** The open-loop shape of a load plan. */
export type OpenShape = Extract<LoadPlan['shape'], { type: 'open' }>;

/** Stretch of the timeline that arrivals are made for, milliseconds. */
export interface ArrivalSpan {
  /** Load before the measured timeline, at the rate that its first stage starts with. */
  readonly warmupMs: number;
  readonly durationMs: number;
}

/**
 * Due times in milliseconds after the measured timeline began, in order; those of the warm-up are negative. The same seed gives the
 * same times, and the length of the warm-up changes nothing after it.
 *
 * One process a unit of expected arrivals (evenly spaced, or Poisson) is stretched in time by the inverse of the cumulated rate: for
 * a Poisson process that is exact for any course of the rate (Cinlar, Introduction to Stochastic Processes, 1975, chapter 4).
 */
export function* arrivalTimes(shape: OpenShape, span: ArrivalSpan, seed: number): Generator<number> {
  const warmupRatePerS = shape.stages[0]?.fromPerS ?? 0;
  const warmup = [{ forMs: span.warmupMs, fromPerS: warmupRatePerS, toPerS: warmupRatePerS }];
  for (const timeMs of stretch(warmup, unitArrivals[shape.arrivals](createRandom(seed, 'arrivals', 'warm-up')), span.warmupMs)) {
    yield timeMs - span.warmupMs;
  }
  yield* stretch(shape.stages, unitArrivals[shape.arrivals](createRandom(seed, 'arrivals')), span.durationMs);
}

/** The highest rate that a shape reaches, a second. */
export const peakRatePerS = (shape: OpenShape): number =>
  Math.max(0, ...shape.stages.flatMap(({ fromPerS, toPerS }) => [fromPerS, toPerS]));

/** Arrivals of a process with one expected arrival a unit, as endless increasing positions. */
const unitArrivals: Readonly<Record<OpenShape['arrivals'], (random: () => number) => Generator<number>>> = {
  *constant() {
    for (let position = 0; ; position++) yield position;
  },
  *poisson(random) {
    for (let position = 0; ; ) {
      position -= Math.log(1 - random());
      yield position;
    }
  },
};

/** The time at which the cumulated rate reaches each position, up to `endMs`. */
function* stretch(stages: readonly RateStage[], positions: Iterable<number>, endMs: number): Generator<number> {
  const held = { forMs: Number.POSITIVE_INFINITY, fromPerS: stages.at(-1)?.toPerS ?? 0, toPerS: stages.at(-1)?.toPerS ?? 0 };
  const course = [...stages, held];
  let index = 0;
  let stageStartMs = 0;
  let before = 0;
  for (const position of positions) {
    let stage = course[index]!;
    while (stageStartMs < endMs && position - before >= arrivalsIn(stage)) {
      before += arrivalsIn(stage);
      stageStartMs += stage.forMs;
      index += 1;
      stage = course[index]!;
    }
    const timeMs = stageStartMs + timeWithinMs(stage, position - before);
    // Also where the rate stays at 0: the time is infinite then.
    if (!(timeMs < endMs)) return;
    yield timeMs;
  }
}

/** Expected arrivals of a whole stage: the area under its rate. */
const arrivalsIn = ({ forMs, fromPerS, toPerS }: RateStage): number =>
  forMs === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : ((fromPerS + toPerS) / 2) * (forMs / 1000);

/** When, from its start, a stage has had that many expected arrivals: the root of the area's quadratic, in the form that loses no digits. */
const timeWithinMs = ({ forMs, fromPerS, toPerS }: RateStage, arrivals: number): number => {
  if (arrivals === 0) return fromPerS > 0 || toPerS > fromPerS ? 0 : Number.POSITIVE_INFINITY;
  const slopePerS2 = fromPerS === toPerS ? 0 : ((toPerS - fromPerS) * 1000) / forMs;
  const root = Math.sqrt(Math.max(0, fromPerS ** 2 + 2 * slopePerS2 * arrivals));
  return (2000 * arrivals) / (fromPerS + root);
};
