import type { IncidentPoint, PointMeasure } from '../incident.ts';
import type { ChangeRule, Window } from '../segment/windows.ts';

/**
 * What counts as a change of each measure: shares by a percentage point, prices by a tenth, the median by a half and at least 10 ms, which a day's ups and
 * downs do not make, and the tail by as much again, for it is noisier.
 */
export const changeRules: Readonly<Record<PointMeasure, ChangeRule>> = {
  errorRate: { floor: 0.01, share: 0 },
  throttledShare: { floor: 0.01, share: 0 },
  timeoutShare: { floor: 0.01, share: 0 },
  connectionShare: { floor: 0.01, share: 0 },
  p50Ms: { floor: 10, share: 0.5 },
  p95Ms: { floor: 10, share: 0.5 },
  p99Ms: { floor: 20, share: 1 },
  price: { floor: 0, share: 0.1 },
};

/** A series under analysis: its points, and from which on nothing is said to be quiet. */
export interface Subject {
  /** Region of the scenario, `aws/us-east-1`. */
  readonly target: string;
  readonly points: readonly IncidentPoint[];
  /** Length of an interval, milliseconds. */
  readonly intervalMs: number;
  /** Points before this index are told to be quiet; absent: the rule finds out. */
  readonly quietUntil?: number;
}

export const valuesOf = ({ points }: Subject, measure: PointMeasure): readonly (number | null)[] =>
  points.map((point) => point[measure]);

const within = ({ points }: Subject, { from, to }: Window, measure: PointMeasure): readonly number[] =>
  points.slice(from, to).flatMap((point) => point[measure] ?? []);

/** Mean of a measure in a window, weighted by calls where they are known; null where nothing is. */
export const meanIn = ({ points }: Subject, { from, to }: Window, measure: PointMeasure): number | null => {
  const own = points.slice(from, to).filter((point) => point[measure] !== null);
  if (own.length === 0) return null;
  const isWeighted = own.every(({ requests }) => requests !== null && requests > 0);
  const weights = own.map(({ requests }) => (isWeighted ? requests! : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return own.reduce((sum, point, index) => sum + point[measure]! * weights[index]!, 0) / total;
};

export const medianIn = (subject: Subject, window: Window, measure: PointMeasure): number | null => {
  const sorted = within(subject, window, measure).toSorted((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.floor((sorted.length - 1) / 2)]!;
};

/** Median outside of the windows: what is usual. */
export const usual = (subject: Subject, windows: readonly Window[], measure: PointMeasure): number | null => {
  const isQuiet = (index: number) => !windows.some(({ from, to }) => from <= index && index < to);
  const quiet = { ...subject, points: subject.points.filter((_, index) => isQuiet(index)) };
  return medianIn(quiet, { from: 0, to: quiet.points.length }, measure);
};

/** When a window is, on the recording's clock. The last interval is as long as the others; a gap in the recording ends none. */
export const timeOf = ({ points, intervalMs }: Subject, { from, to }: Window) => {
  const atMs = points[from]!.atMs;
  const endMs = points[to]?.atMs ?? points.at(-1)!.atMs + intervalMs;
  return { atMs, forMs: endMs - atMs };
};
