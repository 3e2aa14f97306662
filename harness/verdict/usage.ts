import type { CostParts } from '../../mocks/control.ts';
import type { UsageSample } from '../world/world.ts';
import type { TimeWindow } from './phases.ts';

/** What one endpoint served and charged within a stretch of the timeline. */
export type EndpointUsage = UsageSample['rows'][number];

/** The whole of a bill: the sum of its parts, here and nowhere else. */
export const totalUsd = ({ computeUsd, requestsUsd, egressUsd, storageUsd }: CostParts): number =>
  computeUsd + requestsUsd + egressUsd + storageUsd;

export const addParts = (a: CostParts, b: CostParts): CostParts => ({
  computeUsd: a.computeUsd + b.computeUsd,
  requestsUsd: a.requestsUsd + b.requestsUsd,
  egressUsd: a.egressUsd + b.egressUsd,
  storageUsd: a.storageUsd + b.storageUsd,
});

export const NO_COST: CostParts = { computeUsd: 0, requestsUsd: 0, egressUsd: 0, storageUsd: 0 };

/** A meter cannot be read with fewer: a cost is a difference. */
const MIN_SAMPLES = 2;

type Combine = (a: number, b: number) => number;

/** Two readings of one endpoint's meter as one, number by number. */
const combine = (a: EndpointUsage, b: EndpointUsage, each: Combine): EndpointUsage => ({
  ...a,
  predictions: each(a.predictions, b.predictions),
  answers: each(a.answers, b.answers),
  busyMs: each(a.busyMs, b.busyMs),
  egressBytes: each(a.egressBytes, b.egressBytes),
  cost: {
    computeUsd: each(a.cost.computeUsd, b.cost.computeUsd),
    requestsUsd: each(a.cost.requestsUsd, b.cost.requestsUsd),
    egressUsd: each(a.cost.egressUsd, b.cost.egressUsd),
    storageUsd: each(a.cost.storageUsd, b.cost.storageUsd),
  },
});

const isSame = (a: EndpointUsage, b: EndpointUsage): boolean =>
  a.provider === b.provider && a.region === b.region && a.service === b.service;

/** Every row of `rows` with its like in `others`; a row that has none there is as it is. */
const combineRows = (rows: UsageSample['rows'], others: UsageSample['rows'], each: Combine): UsageSample['rows'] =>
  rows.map((row) => {
    const other = others.find((one) => isSame(one, row));
    return other ? combine(row, other, each) : row;
  });

/**
 * What each endpoint served and charged within the windows. The meters are read close to the edges of the phases, not on them to the
 * millisecond, so a reading between two samples is on the straight line between them.
 *
 * @param usage cumulative samples in time order, all of the same endpoints
 * @returns null when the meters were read fewer than two times
 */
export const usageWithin = (usage: readonly UsageSample[], windows: readonly TimeWindow[]): readonly EndpointUsage[] | null => {
  if (usage.length < MIN_SAMPLES) return null;
  const readAt = (atMs: number): UsageSample['rows'] => {
    const next = usage.findIndex((sample) => sample.atMs >= atMs);
    if (next === -1) return usage.at(-1)!.rows;
    const after = usage[next]!;
    const before = usage[next - 1];
    if (!before || after.atMs === atMs) return after.rows;
    const share = (atMs - before.atMs) / (after.atMs - before.atMs);
    return combineRows(before.rows, after.rows, (a, b) => a + share * (b - a));
  };
  const within = windows.map(({ startMs, endMs }) => combineRows(readAt(endMs), readAt(startMs), (end, start) => end - start));
  const nothing = combineRows(usage[0]!.rows, usage[0]!.rows, (a, b) => a - b);
  return within.reduce((sum, rows) => combineRows(sum, rows, (a, b) => a + b), nothing);
};

/** The same of all endpoints together, US dollars by kind. */
export const costOf = (rows: readonly EndpointUsage[]): CostParts => rows.reduce((sum, { cost }) => addParts(sum, cost), NO_COST);
