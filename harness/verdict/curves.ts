import { matchesTarget } from '../faults/target.ts';
import type { RecordedCurves, RecordedPoint } from '../scenario/scenario.ts';
import type { Link } from '../topology/link.ts';
import type { CallRecord } from '../world/call-log.ts';

/** What an incident was recorded to be in a region, beside what the run's calls met there. */
export interface CurveReport {
  /** Region, e.g. `aws/us-east-1`. */
  readonly target: string;
  /** Where it was recorded. */
  readonly source: string;
  /** How long each point stands for, milliseconds. */
  readonly stepMs: number;
  readonly points: readonly CurvePoint[];
  /** How far the two are apart. */
  readonly difference: Readonly<Record<CurveMeasure, CurveDifference | null>>;
}

export interface CurvePoint {
  /** Start of its step, milliseconds after the measured timeline begins. */
  readonly atMs: number;
  readonly recorded: CurveValues;
  readonly reproduced: CurveValues;
  /** Calls behind `reproduced`. */
  readonly calls: number;
}

/** Null where it was not recorded, or too few calls tell. */
export interface CurveValues {
  /** Share of the calls that failed, 0..1: answered with 400 or above, or not at all. */
  readonly errorRate: number | null;
  /** From the call to its end, failed ones too, milliseconds. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export type CurveMeasure = keyof CurveValues;

/** Of one measure, over the steps in which both are known. */
export interface CurveDifference {
  /** Mean of the absolute differences, in the measure's own unit. */
  readonly mean: number;
  /** What was recorded, on average over the same steps. */
  readonly recordedMean: number;
  /** Steps compared, and steps in which the measure was recorded. */
  readonly steps: number;
  readonly of: number;
}

/** Calls of a step that a measure needs; with fewer it is left out rather than guessed. */
export const MIN_CALLS: Readonly<Record<CurveMeasure, number>> = { errorRate: 5, p50Ms: 5, p99Ms: 20 };

const FAILED_FROM = 400;

/** Whether the call failed in the eyes of its caller. */
export const isFailedCall = ({ status }: Pick<CallRecord, 'status'>): boolean => status === 0 || status >= FAILED_FROM;

/** The nearest rank of sorted values. */
const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;

/** Error rate and percentiles of some calls; what too few calls tell is null. */
export const valuesOf = (calls: readonly Pick<CallRecord, 'status' | 'tookMs'>[]): CurveValues => {
  const tookMs = calls.map((call) => call.tookMs).sort((a, b) => a - b);
  const of = (measure: CurveMeasure, value: () => number): number | null => (calls.length < MIN_CALLS[measure] ? null : value());
  return {
    errorRate: of('errorRate', () => calls.filter(isFailedCall).length / calls.length),
    p50Ms: of('p50Ms', () => percentile(tookMs, 0.5)),
    p99Ms: of('p99Ms', () => percentile(tookMs, 0.99)),
  };
};

/** Index of the point whose step a moment lies in; -1 where there is none. */
const stepOf = (points: readonly RecordedPoint[], stepMs: number, atMs: number): number => {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  const index = low - 1;
  return index >= 0 && atMs < points[index]!.atMs + stepMs ? index : -1;
};

const differenceOf = (points: readonly CurvePoint[], measure: CurveMeasure): CurveDifference | null => {
  const recorded = points.filter((point) => point.recorded[measure] !== null);
  const both = recorded.filter((point) => point.reproduced[measure] !== null);
  if (both.length === 0) return null;
  const meanOf = (value: (point: CurvePoint) => number): number =>
    both.reduce((sum, point) => sum + value(point), 0) / both.length;
  return {
    mean: meanOf((point) => Math.abs(point.recorded[measure]! - point.reproduced[measure]!)),
    recordedMean: meanOf((point) => point.recorded[measure]!),
    steps: both.length,
    of: recorded.length,
  };
};

/**
 * Lays the calls of a run over the recorded curves. A call belongs to the step in which it left.
 * @param calls those of the run
 * @param measuredUntilMs steps that end later were not seen whole, and are not compared
 */
export const compareCurves = (
  { source, stepMs, curves }: RecordedCurves,
  links: readonly Link[],
  calls: readonly CallRecord[],
  measuredUntilMs: number,
): readonly CurveReport[] =>
  curves.map(({ target, points: all }) => {
    const points = all.filter(({ atMs }) => atMs + stepMs <= measuredUntilMs);
    const ids = new Set(links.filter((link) => link.role === 'inference' && matchesTarget(target, link)).map(({ id }) => id));
    const byStep: CallRecord[][] = points.map(() => []);
    for (const call of calls) if (ids.has(call.linkId)) byStep[stepOf(points, stepMs, call.startMs)]?.push(call);
    const compared = points.map(({ atMs, errorRate, p50Ms, p99Ms }, index): CurvePoint => {
      const own = byStep[index]!;
      return { atMs, recorded: { errorRate, p50Ms, p99Ms }, reproduced: valuesOf(own), calls: own.length };
    });
    return {
      target,
      source,
      stepMs,
      points: compared,
      difference: {
        errorRate: differenceOf(compared, 'errorRate'),
        p50Ms: differenceOf(compared, 'p50Ms'),
        p99Ms: differenceOf(compared, 'p99Ms'),
      },
    };
  });
