import { SquallError } from '../../errors.ts';
import { limits } from '../../scenario/limits.ts';
import type { RegionId } from '../../topology/regions.ts';
import type { Subject } from '../fit/measures.ts';
import type { Incident, IncidentSeries, Unimported } from '../incident.ts';
import { importLimits } from '../limits.ts';
import { coarsen } from '../merge-points.ts';
import type { MapRegion } from '../regions.ts';
import { shownName } from '../shown-name.ts';

/** A recording by regions that are known, in even steps. */
export interface Recording {
  readonly subjects: readonly Subject[];
  readonly startMs: number;
  readonly lengthMs: number;
  readonly unimported: readonly Unimported[];
}

const MAX_NAMED = 10;

const mapSeries = ({ series }: Incident, mapRegion: MapRegion, source: string) => {
  const mapped = Map.groupBy(series, ({ key }) => mapRegion(key));
  const unknown = mapped.get(undefined) ?? [];
  mapped.delete(undefined);
  if (mapped.size === 0) {
    const names = unknown.map(({ key }) => shownName(key));
    throw new SquallError(
      'BAD_SCENARIO',
      `${source}: no series is of a region that is known: ${names.slice(0, MAX_NAMED).join(', ')}${names.length > MAX_NAMED ? ', ...' : ''}.`,
      `Say which region each is: --map ${names[0] ?? 'name'}=aws/us-east-1`,
    );
  }
  const regions = [...mapped] as (readonly [RegionId, readonly IncidentSeries[]])[];
  return {
    regions: regions.slice(0, limits.regions),
    unimported: [
      ...unknown.map(({ key, points }) => ({
        what: `series ${shownName(key)}`,
        where: `${points.length} points`,
        why: `no region is known by that name; --map ${shownName(key)}=aws/us-east-1 says which it is`,
      })),
      ...regions.slice(limits.regions).map(([region]) => ({
        what: `region ${region}`,
        where: 'all of it',
        why: `a scenario has at most ${limits.regions} regions`,
      })),
    ],
  };
};

/** Where there is a single moment. */
const FALLBACK_INTERVAL_MS = 1000;

/** The recording's interval: the middle one of the steps from point to point. */
const intervalOf = (series: readonly IncidentSeries[]): number => {
  const gaps = series.flatMap(({ points }) => points.slice(1).map(({ atMs }, index) => atMs - points[index]!.atMs));
  return gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? FALLBACK_INTERVAL_MS;
};

/**
 * Sorts a recording by regions, and makes it so coarse that the change rule can take it in.
 * @param quietMs how long it is quiet from its start on; found out when left out
 * @throws {SquallError} `BAD_SCENARIO` where no series is of a known region
 */
export const recordingOf = (incident: Incident, mapRegion: MapRegion, source: string, quietMs?: number): Recording => {
  const { regions, unimported } = mapSeries(incident, mapRegion, source);
  const series = regions.flatMap(([, own]) => own);
  const intervalMs = intervalOf(series);
  let [startMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points } of series) {
    startMs = Math.min(startMs, points[0]!.atMs);
    lastMs = Math.max(lastMs, points.at(-1)!.atMs);
  }
  const lengthMs = lastMs - startMs + intervalMs;
  const stepMs = intervalMs * Math.max(1, Math.ceil(lengthMs / intervalMs / importLimits.moments));
  const subjects = regions.map(([region, own]): Subject => {
    const points = coarsen(
      own.flatMap((one) => one.points),
      startMs,
      stepMs,
    );
    // One moment at least: what is said to be quiet is something.
    const quiet =
      quietMs === undefined ? {} : { quietUntil: Math.max(1, points.filter(({ atMs }) => atMs < startMs + quietMs).length) };
    return { target: region, points, intervalMs: stepMs, ...quiet };
  });
  return { subjects, startMs, lengthMs, unimported };
};
