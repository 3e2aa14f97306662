import { emptyPoint, type IncidentPoint, type PointMeasure } from './incident.ts';

const SHARES = ['errorRate', 'throttledShare', 'timeoutShare', 'connectionShare'] as const satisfies readonly PointMeasure[];
const MIDDLES = ['p50Ms', 'price'] as const satisfies readonly PointMeasure[];
const TAILS = ['p95Ms', 'p99Ms'] as const satisfies readonly PointMeasure[];

const known = (points: readonly IncidentPoint[], measure: PointMeasure) =>
  points.flatMap((point) => {
    const value = point[measure];
    return value === null ? [] : [{ value, weight: point.requests }];
  });

/** Weighted by calls where every point says how many; each the same otherwise. */
const meanOf = (points: readonly IncidentPoint[], measure: PointMeasure): number | null => {
  const values = known(points, measure);
  if (values.length === 0) return null;
  const isWeighted = values.every(({ weight }) => weight !== null && weight > 0);
  const weightOf = (weight: number | null): number => (isWeighted ? weight! : 1);
  const total = values.reduce((sum, { weight }) => sum + weightOf(weight), 0);
  return values.reduce((sum, { value, weight }) => sum + value * weightOf(weight), 0) / total;
};

const medianOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;

/**
 * Points of one stretch of time as one: shares and prices on average, the tails of latency at their middle one.
 * @param atMs start of the stretch
 */
export const mergePoints = (points: readonly IncidentPoint[], atMs: number): IncidentPoint => {
  const [only] = points;
  if (points.length === 1) return { ...only!, atMs };
  const merged: Record<string, number | null> = {};
  for (const measure of [...SHARES, ...MIDDLES]) merged[measure] = meanOf(points, measure);
  for (const measure of TAILS) merged[measure] = medianOf(known(points, measure).map(({ value }) => value));
  const counted = points.flatMap(({ requests }) => requests ?? []);
  const requests = counted.length === 0 ? null : counted.reduce((sum, count) => sum + count, 0);
  return { ...emptyPoint(atMs), ...merged, requests, status: medianOf(points.flatMap(({ status }) => status ?? [])) };
};

/** Puts points into steps of that length, counted from `startMs`; steps without any are left out. */
export const coarsen = (points: readonly IncidentPoint[], startMs: number, stepMs: number): readonly IncidentPoint[] => {
  const steps = new Map<number, IncidentPoint[]>();
  for (const point of points) {
    const step = Math.floor((point.atMs - startMs) / stepMs);
    const own = steps.get(step);
    if (own) own.push(point);
    else steps.set(step, [point]);
  }
  return [...steps].sort(([a], [b]) => a - b).map(([step, own]) => mergePoints(own, startMs + step * stepMs));
};
