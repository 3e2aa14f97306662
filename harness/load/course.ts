import type { Burst, RateStage } from '../scenario/scenario.ts';

/** A rate that changes: stages one after another, the last of them endless. */
export type Course = readonly RateStage[];

/** Times are rounded to this many parts of a millisecond, as durations in scenarios are: sums of them then meet where they should. */
const PARTS_PER_MS = 1000;

const roundMs = (ms: number): number => Math.round(ms * PARTS_PER_MS) / PARTS_PER_MS;

/** At a moment's rate, for ever. */
export const steadily = (perS: number): RateStage => ({ forMs: Number.POSITIVE_INFINITY, fromPerS: perS, toPerS: perS });

const isActive = ({ atMs, forMs, everyMs, count }: Burst, timeMs: number): boolean => {
  const since = timeMs - atMs;
  if (since < 0) return false;
  const index = count > 1 ? Math.min(count - 1, Math.floor(since / everyMs)) : 0;
  return since - index * everyMs < forMs;
};

/** When bursts start and end, and stages too: between two of these moments the rate goes in a straight line. */
const edgesOf = (stages: readonly RateStage[], bursts: readonly Burst[]): readonly number[] => {
  const edges = new Set([0]);
  let endMs = 0;
  for (const { forMs } of stages) {
    endMs += forMs;
    edges.add(roundMs(endMs));
  }
  for (const { atMs, forMs, everyMs, count } of bursts) {
    for (let index = 0; index < count; index += 1) {
      edges.add(roundMs(atMs + index * everyMs));
      edges.add(roundMs(atMs + index * everyMs + forMs));
    }
  }
  return [...edges].sort((a, b) => a - b);
};

/** The rate over time: multipliers of the bursts that are active multiply the stages' rate, and each other; then their rates are added. */
export const courseOf = (stages: readonly RateStage[], bursts: readonly Burst[] = []): Course => {
  const held = steadily(stages.at(-1)?.toPerS ?? 0);
  if (bursts.length === 0) return [...stages, held];
  const edges = edgesOf(stages, bursts);
  let stageIndex = 0;
  let stageStartMs = 0;
  return edges.map((startMs, index) => {
    const endMs = edges[index + 1] ?? Number.POSITIVE_INFINITY;
    // Any moment within tells what is active throughout.
    const withinMs = endMs === Number.POSITIVE_INFINITY ? startMs + 1 : (startMs + endMs) / 2;
    while (stageIndex < stages.length && withinMs >= stageStartMs + stages[stageIndex]!.forMs) {
      stageStartMs += stages[stageIndex]!.forMs;
      stageIndex += 1;
    }
    const { forMs, fromPerS, toPerS } = stages[stageIndex] ?? held;
    const active = bursts.filter((burst) => isActive(burst, withinMs));
    const multiplier = active.reduce((product, burst) => product * burst.multiplier, 1);
    const addPerS = active.reduce((sum, burst) => sum + burst.addPerS, 0);
    const rateAt = (ms: number): number => {
      const share = Math.min(1, Math.max(0, (ms - stageStartMs) / forMs));
      return (fromPerS === toPerS ? fromPerS : fromPerS + (toPerS - fromPerS) * share) * multiplier + addPerS;
    };
    return { forMs: endMs - startMs, fromPerS: rateAt(startMs), toPerS: rateAt(endMs) };
  });
};

/** Bursts that are active then; in their order. */
export const burstsAt = (bursts: readonly Burst[], timeMs: number): readonly Burst[] =>
  bursts.filter((burst) => isActive(burst, timeMs));

/** Expected arrivals of a whole stage: the area under its rate. */
export const arrivalsIn = ({ forMs, fromPerS, toPerS }: RateStage): number =>
  forMs === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : ((fromPerS + toPerS) / 2) * (forMs / 1000);

/** The stages up to a moment, the last of them cut there. */
export const until = (course: Course, endMs: number): readonly RateStage[] => {
  let startMs = 0;
  return course.flatMap((stage) => {
    const forMs = Math.min(stage.forMs, endMs - startMs);
    startMs += stage.forMs;
    if (forMs <= 0) return [];
    return [
      { forMs, fromPerS: stage.fromPerS, toPerS: stage.fromPerS + (stage.toPerS - stage.fromPerS) * (forMs / stage.forMs) },
    ];
  });
};

/** The highest rate that a course reaches, a second. */
export const peakOf = (course: Course): number =>
  course.reduce((peak, { fromPerS, toPerS }) => Math.max(peak, fromPerS, toPerS), 0);

/**
 * Most arrivals to expect within any window of that length, the warm-up at the first rate included. Exact where the rate goes in steps;
 * a ramp counts as if it were at its highest throughout.
 */
export const mostExpectedWithin = (course: Course, windowMs: number): number => {
  /** What stands at the start of each stage, with its highest rate. */
  const steps: { readonly startMs: number; readonly before: number; readonly perS: number }[] = [];
  let startMs = 0;
  let before = 0;
  for (const { forMs, fromPerS, toPerS } of course) {
    const perS = Math.max(fromPerS, toPerS);
    steps.push({ startMs, before, perS });
    startMs += forMs;
    before += perS * (forMs / 1000);
  }
  const warmupPerS = course[0]?.fromPerS ?? 0;
  const countsAt = (times: readonly number[]): readonly number[] => {
    let index = 0;
    return times.map((ms) => {
      if (ms < 0) return (warmupPerS * ms) / 1000;
      while (index + 1 < steps.length && steps[index + 1]!.startMs <= ms) index += 1;
      const step = steps[index]!;
      return step.before + (step.perS * (ms - step.startMs)) / 1000;
    });
  };
  // Of steps, a fullest window starts or ends where the rate changes.
  const edges = steps.map((step) => step.startMs);
  const atEdges = countsAt(edges);
  const ahead = countsAt(edges.map((ms) => ms + windowMs));
  const behind = countsAt(edges.map((ms) => ms - windowMs));
  return edges.reduce((most, _, index) => Math.max(most, ahead[index]! - atEdges[index]!, atEdges[index]! - behind[index]!), 0);
};
