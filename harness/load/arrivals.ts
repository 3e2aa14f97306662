import { createRandom } from '../random.ts';
import type { LoadPlan } from '../scenario/scenario.ts';
import { arrivalsIn, type Course, courseOf, mostExpectedWithin, peakOf, steadily } from './course.ts';
import { mostWithin, recordedTimes } from './recorded.ts';

/** The open-loop shapes of a load plan. */
export type OpenShape = Extract<LoadPlan['shape'], { type: 'open' }>;

/** An open-loop shape whose arrivals are drawn by a rate. */
export type RatedShape = Exclude<OpenShape, { arrivals: 'recorded' }>;

/** Stretch of the timeline that arrivals are made for, milliseconds. */
export interface ArrivalSpan {
  /** Load before the measured timeline: at the rate that its first stage starts with, or the beginning of the trace. */
  readonly warmupMs: number;
  readonly durationMs: number;
}

/**
 * Due times in milliseconds after the measured timeline began, in order; those of the warm-up are negative. The same seed gives the
 * same times, and the length of the warm-up changes nothing after it. A recorded trace gives its own times, whatever the seed.
 * `whose` names the one of several sequences of a run that this is.
 *
 * Otherwise one process a unit of expected arrivals (evenly spaced, or Poisson) is stretched in time by the inverse of the cumulated
 * rate: for a Poisson process that is exact for any course of the rate (Cinlar, Introduction to Stochastic Processes, 1975, chapter 4).
 */
export function* arrivalTimes(shape: OpenShape, span: ArrivalSpan, seed: number, ...whose: readonly string[]): Generator<number> {
  if (shape.arrivals === 'recorded') return yield* recordedTimes(shape.timesUs, span);
  const warmup = [steadily(shape.stages[0]?.fromPerS ?? 0)];
  for (const timeMs of stretch(
    warmup,
    unitArrivals[shape.arrivals](createRandom(seed, 'arrivals', 'warm-up', ...whose)),
    span.warmupMs,
  )) {
    yield timeMs - span.warmupMs;
  }
  const course = courseOf(shape.stages, shape.bursts);
  yield* stretch(course, unitArrivals[shape.arrivals](createRandom(seed, 'arrivals', ...whose)), span.durationMs);
}

/** The highest rate that a shape reaches, a second; of a trace, the most arrivals within any second. */
export const peakRatePerS = (shape: OpenShape): number =>
  shape.arrivals === 'recorded' ? mostWithin(shape.timesUs, 1000) : peakOf(courseOf(shape.stages, shape.bursts));

/** Most arrivals that a shape makes within any window of that length: expected ones, or those of the trace. */
export const mostArrivalsWithin = (shape: OpenShape, windowMs: number): number =>
  shape.arrivals === 'recorded'
    ? mostWithin(shape.timesUs, windowMs)
    : mostExpectedWithin(courseOf(shape.stages, shape.bursts), windowMs);

/** Arrivals of a process with one expected arrival a unit, as endless increasing positions. */
const unitArrivals: Readonly<Record<RatedShape['arrivals'], (random: () => number) => Generator<number>>> = {
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
function* stretch(course: Course, positions: Iterable<number>, endMs: number): Generator<number> {
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

/** When, from its start, a stage has had that many expected arrivals: the root of the area's quadratic, in the form that loses no digits. */
const timeWithinMs = ({ forMs, fromPerS, toPerS }: Course[number], arrivals: number): number => {
  if (arrivals === 0) return fromPerS > 0 || toPerS > fromPerS ? 0 : Number.POSITIVE_INFINITY;
  const slopePerS2 = fromPerS === toPerS ? 0 : ((toPerS - fromPerS) * 1000) / forMs;
  const root = Math.sqrt(Math.max(0, fromPerS ** 2 + 2 * slopePerS2 * arrivals));
  return (2000 * arrivals) / (fromPerS + root);
};
