import { SquallError } from '../../errors.ts';
import { limits } from '../../scenario/limits.ts';
import type { GatewayRegion, RegionId } from '../../topology/regions.ts';
import { fitErrors } from '../fit/errors.ts';
import { fitLatency } from '../fit/latency.ts';
import { meanIn, type Subject, usual } from '../fit/measures.ts';
import { fitPrice } from '../fit/price.ts';
import { durationText, percent } from '../fit/text.ts';
import { fitThrottling } from '../fit/throttling.ts';
import type { FaultDraft, Incident, IncidentSeries, Unimported } from '../incident.ts';
import { importLimits } from '../limits.ts';
import { coarsen } from '../merge-points.ts';
import type { MapRegion } from '../regions.ts';
import type { Window } from '../segment/windows.ts';
import { recordedCurves } from './curves.ts';
import type { BoundsDraft, ScenarioDraft } from './draft.ts';
import { nameFaults } from './name-faults.ts';
import { failureMsOf, regionDraft } from './regions.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** How an incident becomes a scenario. */
export interface IncidentOptions {
  readonly name: string;
  /** The file's name. */
  readonly source: string;
  readonly mapRegion: MapRegion;
  readonly gateway: GatewayRegion;
  /** How many times as fast it is played; found out when left out. */
  readonly speed?: number | undefined;
  /** How long the recording is quiet from its start on, milliseconds; found out when left out. */
  readonly quietMs?: number | undefined;
  /** Requests a second, of all regions together; enough for the curves when left out. */
  readonly ratePerS?: number | undefined;
}

/** Calls of a region a second: a step of one second tells its 99th percentile. */
const CALLS_PER_S = 30;
const MAX_RATE_PER_S = 150;

/** How much worse than in the recording a run may be, and the least that is expected. */
const ALLOWANCE = 0.1;
const STEADY_ALLOWANCE = 0.05;

/** Requests that a phase needs for a bound on a share, twice over. */
const LEAST_REQUESTS = 40;

/** Patience of callers where the recording tells none, and at most; milliseconds. */
const PATIENCE_MS = 2000;
const MAX_PATIENCE_MS = 30_000;

/** A fault of less is over before it is noticed, milliseconds. */
const LEAST_FAULT_MS = 100;

/** Name of the design that calls as the recording's callers did. */
export const AS_RECORDED = 'as-recorded';

interface Mapped {
  readonly region: RegionId;
  readonly series: readonly IncidentSeries[];
}

const mapSeries = (incident: Incident, mapRegion: MapRegion) => {
  const mapped = new Map<RegionId, IncidentSeries[]>();
  const unimported: Unimported[] = [];
  for (const series of incident.series) {
    const region = mapRegion(series.key);
    if (region) mapped.set(region, [...(mapped.get(region) ?? []), series]);
    else {
      unimported.push({
        what: `series ${series.key}`,
        where: `${series.points.length} points`,
        why: `no region is known by that name; --map ${series.key}=aws/us-east-1 says which it is`,
      });
    }
  }
  const regions: readonly Mapped[] = [...mapped].map(([region, series]) => ({ region, series }));
  return { regions, unimported };
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;

/** The recording's interval: the middle one of the steps from point to point. */
const intervalOf = (series: readonly IncidentSeries[]): number => {
  const gaps = series.flatMap(({ points }) => points.slice(1).map(({ atMs }, index) => atMs - points[index]!.atMs));
  return gaps.length === 0 ? 1000 : median(gaps);
};

/** Calls that got no answer say how patient their callers were; else they were more patient than the slowest calls took. */
const patienceOf = (subjects: readonly Subject[], told: readonly number[]): number => {
  const slowest = Math.max(
    0,
    ...subjects.map((subject) => subject.points.reduce((most, { p99Ms }) => Math.max(most, p99Ms ?? 0), 0)),
  );
  const patience = told.length > 0 ? median(told) : Math.max(PATIENCE_MS, slowest * 1.5);
  return Math.round(Math.min(MAX_PATIENCE_MS, Math.max(100, patience)));
};

/** Share of calls that succeeded in a stretch of the recording, on average over the regions. */
const availabilityIn = (subjects: readonly Subject[], fromMs: number, toMs: number): number => {
  const shares = subjects.map((subject) => {
    const from = subject.points.findIndex(({ atMs }) => atMs + subject.intervalMs > fromMs);
    const to = subject.points.findLastIndex(({ atMs }) => atMs < toMs) + 1;
    return from < 0 || to <= from ? 1 : 1 - (meanIn(subject, { from, to }, 'errorRate') ?? 0);
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
};

const boundOf = (availability: number, allowance: number): string | null => {
  const least = Math.floor((availability - allowance) * 1000 + 1e-6) / 1000;
  return least > 0 ? percent(least) : null;
};

const availabilityBound = (availability: number): BoundsDraft | null => {
  const min = boundOf(availability, ALLOWANCE);
  return min === null
    ? null
    : { bounds: { availability: { min } }, because: `${percent(availability)} in the recording: no more than 10 points worse.` };
};

const onTimeline = (fault: FaultDraft, timeline: Timeline): FaultDraft => {
  const atMs = Math.round(timeline.at(fault.atMs));
  const endMs = Math.min(timeline.durationMs, Math.round(timeline.at(fault.atMs + fault.forMs)));
  return { ...fault, atMs, forMs: endMs - atMs };
};

/**
 * Faults of one link stand one behind the other in the order of their starts. One that fails calls starts anew where one begins that delays them, so
 * that it stands behind it, and what fails takes its time as well.
 */
const cutAt = (fault: FaultDraft, momentsMs: readonly number[]): readonly FaultDraft[] => {
  if (fault.settings.mode === 'blackhole') return [fault];
  const endMs = fault.atMs + fault.forMs;
  const cuts = [...new Set(momentsMs)].filter((ms) => fault.atMs < ms && ms < endMs).sort((a, b) => a - b);
  const starts = [fault.atMs, ...cuts];
  return starts.map((atMs, index) => ({
    ...fault,
    atMs,
    forMs: (starts[index + 1] ?? endMs) - atMs,
    because: index === 0 ? fault.because : `Goes on, behind the delay that begins here: ${fault.because}`,
  }));
};

const clock = (ms: number, isDated: boolean, startMs: number): string =>
  isDated ? new Date(ms).toISOString().replace('.000Z', 'Z') : `${Math.round((ms - startMs) / 1000)} s into it`;

/** Moments since 1970 rather than since the recording's 0: after 2001. */
const isDate = (ms: number): boolean => ms > 1e12;

const length = (ms: number): string => {
  const minutes = ms / 60_000;
  if (minutes >= 120) return `${Number((minutes / 60).toFixed(1))} h`;
  return minutes >= 2 ? `${Number(minutes.toFixed(1))} min` : `${Number((ms / 1000).toFixed(1))} s`;
};

/** Puts the longest faults on the timeline; those that it can't hold are listed. */
const fitOnto = (faults: readonly FaultDraft[], timeline: Timeline, place: (fault: FaultDraft) => string) => {
  const placed = faults.map((fault) => ({ fault, draft: onTimeline(fault, timeline) }));
  const kept = new Set(
    placed
      .filter(({ draft }) => draft.forMs >= LEAST_FAULT_MS)
      .sort((a, b) => b.draft.forMs - a.draft.forMs)
      .slice(0, limits.faults),
  );
  const unimported = placed
    .filter((one) => !kept.has(one))
    .map(
      ({ fault, draft }): Unimported => ({
        what: `${fault.kind} on ${fault.target}`,
        where: place(fault),
        why:
          draft.forMs < LEAST_FAULT_MS
            ? `it lasts for ${durationText(Math.max(0, draft.forMs))} at this speed; a lower --speed keeps it`
            : `a scenario has at most ${limits.faults} faults, and these are shorter than the others`,
      }),
    );
  return { faults: placed.filter((one) => kept.has(one)).map(({ draft }) => draft), unimported };
};

/**
 * Makes a scenario of a recorded incident: the regions as they usually were, a fault for each stretch in which one was not, and the recorded
 * curves beside them.
 * @throws {SquallError} `BAD_SCENARIO` where no series is of a known region; `BAD_FLAG` for a speed that makes it too long
 */
export const scenarioFromIncident = (
  incident: Incident,
  options: IncidentOptions,
): { readonly draft: ScenarioDraft; readonly unimported: readonly Unimported[] } => {
  const { regions, unimported } = mapSeries(incident, options.mapRegion);
  if (regions.length === 0) {
    const keys = incident.series.map(({ key }) => key).slice(0, 10);
    throw new SquallError(
      'BAD_SCENARIO',
      `${options.source}: no series is of a region that is known: ${keys.join(', ')}.`,
      `Say which region each is: --map ${keys[0] ?? 'name'}=aws/us-east-1`,
    );
  }
  const left = regions.slice(limits.regions).map(
    ({ region }): Unimported => ({
      what: `region ${region}`,
      where: 'all of it',
      why: `a scenario has at most ${limits.regions} regions`,
    }),
  );
  const all = regions.slice(0, limits.regions);
  const points = all.flatMap(({ series }) => series.flatMap((one) => one.points));
  const intervalMs = intervalOf(all.flatMap(({ series }) => series));
  const startMs = points.reduce((first, { atMs }) => Math.min(first, atMs), Number.POSITIVE_INFINITY);
  const endMs = points.reduce((last, { atMs }) => Math.max(last, atMs), startMs) + intervalMs;
  const stepMs = intervalMs * Math.max(1, Math.ceil((endMs - startMs) / intervalMs / importLimits.moments));
  const place = (ms: number) => clock(ms, isDate(startMs), startMs);

  const subjects = all.map(({ region, series }): Subject => {
    const own = coarsen(
      series.flatMap((one) => one.points),
      startMs,
      stepMs,
    );
    const { quietMs } = options;
    return {
      target: region,
      points: own,
      intervalMs: stepMs,
      ...(quietMs === undefined ? {} : { quietUntil: own.filter(({ atMs }) => atMs < startMs + quietMs).length }),
    };
  });

  const ratePerS = options.ratePerS ?? Math.min(MAX_RATE_PER_S, CALLS_PER_S * subjects.length);
  const callsPerS = ratePerS / subjects.length;
  const errors = subjects.map(fitErrors);
  const found = subjects.flatMap((subject, index) => {
    const own = errors[index]!;
    const usual50 = usual(
      subject,
      own.map(({ window }) => window),
      'p50Ms',
    );
    const delays = fitLatency(subject, own, failureMsOf(subject.target as RegionId, options.gateway, usual50));
    return [
      ...own.flatMap(({ fault }) =>
        cutAt(
          fault,
          delays.map(({ atMs }) => atMs),
        ),
      ),
      ...fitThrottling(subject, callsPerS),
      ...delays,
      ...fitPrice(subject),
    ];
  });
  const firstFaultMs = Math.min(...found.map(({ atMs }) => atMs)) - startMs;
  const timeline = createTimeline(startMs, endMs - startMs, firstFaultMs, options.speed);
  const placed = fitOnto(found, timeline, ({ atMs, forMs }) => `${place(atMs)}, for ${length(forMs)}`);
  const faults = nameFaults(placed.faults);

  const offOf = (subject: Subject): readonly Window[] =>
    found
      .filter(({ target }) => target === subject.target)
      .map(({ atMs, forMs }) => ({
        from: subject.points.findIndex((point) => point.atMs >= atMs),
        to: subject.points.findLastIndex((point) => point.atMs < atMs + forMs) + 1,
      }));
  const usualError =
    subjects.reduce((sum, subject) => sum + (usual(subject, offOf(subject), 'errorRate') ?? 0), 0) / subjects.length;
  const patienceMs = patienceOf(
    subjects,
    errors.flat().flatMap(({ patienceMs: told }) => told ?? []),
  );
  const source = `${options.source}${timeline.speed === 1 ? '' : `, ${timeline.speed} times as fast`}`.slice(0, 200);

  const recordedTime = (ms: number) => startMs + (ms - timeline.leadMs) * timeline.speed;
  const bounds = faults.flatMap(({ name, atMs, forMs }) => {
    const bound = availabilityBound(availabilityIn(subjects, recordedTime(atMs), recordedTime(atMs + forMs)));
    return bound && (forMs * ratePerS) / 1000 >= LEAST_REQUESTS ? [[name, bound] as const] : [];
  });
  const overall = availabilityBound(availabilityIn(subjects, startMs, endMs)) ?? {
    bounds: { availability: { min: '0%' } },
    because: 'Nearly nothing was answered in the recording: nothing is expected.',
  };
  const steady = boundOf(1 - usualError, STEADY_ALLOWANCE);
  const span = `${length(endMs - startMs)} from ${isDate(startMs) ? place(startMs) : 'its start'} on`;
  const targets = subjects.map(({ target }) => target);

  return {
    unimported: [...incident.unimported, ...unimported, ...left, ...placed.unimported],
    draft: {
      name: options.name,
      title: `An incident as ${options.source} has it`.slice(0, 120),
      description:
        `Reproduces what callers of ${targets.join(', ')} met: ${span}, played at ${timeline.speed} times its speed. By default the design ${AS_RECORDED} calls each region in turn and takes what comes, so that the report shows how close the reproduction is; any other design, or a stack of your own, shows what it makes of the same incident.`.slice(
          0,
          4000,
        ),
      head: [
        `Written by squall import from ${options.source}: ${span}.`,
        `One second here is ${Number(timeline.speed.toFixed(3))} s of the recording${timeline.leadMs > 0 ? `, and the first ${durationText(timeline.leadMs)} are quiet time before it, so that there is a baseline` : ''}.`,
        'docs/import.md says how faults were found and fitted.',
      ],
      gateway: options.gateway,
      regions: subjects.map((subject) =>
        regionDraft(
          subject.target as RegionId,
          options.gateway,
          { p50Ms: usual(subject, offOf(subject), 'p50Ms'), p99Ms: usual(subject, offOf(subject), 'p99Ms') },
          callsPerS,
        ),
      ),
      designs: { [AS_RECORDED]: asRecorded(patienceMs) },
      defaultDesign: AS_RECORDED,
      load: { rate: `${Number(ratePerS.toFixed(2))}/s`, timeout: durationText(patienceMs) },
      warmup: '2s',
      durationMs: timeline.durationMs,
      faults: faults.map((fault) => ({ ...fault, because: `${place(recordedTime(fault.atMs))}: ${fault.because}` })),
      steadyState: {
        bounds: { availability: { min: steady ?? '0%' } },
        because: `${percent(usualError)} of the calls failed when all was as usual.`,
      },
      expect: { ...Object.fromEntries(bounds), all: overall },
      recorded: recordedCurves(subjects, startMs, timeline, source),
    },
  };
};

/** Calls each region in turn, and takes what comes. */
const asRecorded = (patienceMs: number): Readonly<Record<string, unknown>> => ({
  placement: { spread: 'round-robin' },
  attemptTimeout: durationText(patienceMs),
  deadline: false,
  hedging: false,
  retry: false,
  circuitBreaker: false,
  healthChecks: false,
  outlierDetection: false,
  costGuard: false,
  bulkhead: false,
  admission: false,
  cache: false,
  coalescing: false,
  degrade: false,
});
