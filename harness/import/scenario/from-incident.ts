import type { GatewayRegion, RegionId } from '../../topology/regions.ts';
import { fitErrors } from '../fit/errors.ts';
import { fitLatency } from '../fit/latency.ts';
import { type Subject, usual } from '../fit/measures.ts';
import { fitPrice } from '../fit/price.ts';
import { durationText } from '../fit/text.ts';
import { fitThrottling } from '../fit/throttling.ts';
import type { FaultDraft, Incident, Unimported } from '../incident.ts';
import type { MapRegion } from '../regions.ts';
import type { Window } from '../segment/windows.ts';
import { AS_RECORDED, asRecorded, patienceOf } from './as-recorded.ts';
import { recordedCurves } from './curves.ts';
import type { ScenarioDraft } from './draft.ts';
import { availabilityBound, availabilityIn, overallBound, steadyBound } from './expectations.ts';
import { createMoments, lengthText } from './moments.ts';
import { nameFaults } from './name-faults.ts';
import { cutAt, placeFaults } from './place-faults.ts';
import { failureMsOf, regionDraft } from './regions.ts';
import { recordingOf } from './subjects.ts';
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
const MAX_RATE_PER_S = 120;

/** Requests that a phase needs for a bound on a share, twice over. */
const LEAST_REQUESTS = 40;

const SOURCE_LENGTH = 200;
const TITLE_LENGTH = 120;
const DESCRIPTION_LENGTH = 4000;

interface Findings {
  readonly faults: readonly FaultDraft[];
  /** How long calls took that got no answer. */
  readonly lostMs: readonly number[];
}

/** All that was wrong with a region, on the recording's clock. */
const findingsOf = (subject: Subject, callsPerS: number, gateway: GatewayRegion): Findings => {
  const errors = fitErrors(subject);
  const usual50 = usual(
    subject,
    errors.map(({ window }) => window),
    'p50Ms',
  );
  const delays = fitLatency(subject, errors, failureMsOf(subject.target as RegionId, gateway, usual50));
  const starts = delays.map(({ atMs }) => atMs);
  return {
    faults: [
      ...errors.flatMap(({ fault }) => cutAt(fault, starts)),
      ...fitThrottling(subject, callsPerS),
      ...delays,
      ...fitPrice(subject),
    ],
    lostMs: errors.flatMap(({ patienceMs }) => patienceMs ?? []),
  };
};

const windowsOf = ({ points }: Subject, faults: readonly FaultDraft[]): readonly Window[] =>
  faults.map(({ atMs, forMs }) => ({
    from: points.findIndex((point) => point.atMs >= atMs),
    to: points.findLastIndex((point) => point.atMs < atMs + forMs) + 1,
  }));

const headOf = (source: string, span: string, { speed, leadMs }: Timeline): readonly string[] => [
  `Written by squall import from ${source}: ${span}.`,
  `One second here is ${Number(speed.toFixed(3))} s of the recording${leadMs > 0 ? `, and the first ${durationText(leadMs)} are quiet time before it, so that there is a baseline` : ''}.`,
  'docs/import.md says how faults were found and fitted.',
];

/**
 * Makes a scenario of a recorded incident: the regions as they usually were, a fault for each stretch in which one was not, and the recorded
 * curves beside them.
 * @throws {SquallError} `BAD_SCENARIO` where no series is of a known region; `BAD_FLAG` for a speed that makes it too long
 */
export const scenarioFromIncident = (
  incident: Incident,
  { name, source, mapRegion, gateway, speed, quietMs, ratePerS: wanted }: IncidentOptions,
): { readonly draft: ScenarioDraft; readonly unimported: readonly Unimported[] } => {
  const { subjects, startMs, lengthMs, unimported } = recordingOf(incident, mapRegion, source, quietMs);
  const moments = createMoments(startMs);
  const ratePerS = wanted ?? Math.min(MAX_RATE_PER_S, CALLS_PER_S * subjects.length);
  const callsPerS = ratePerS / subjects.length;

  const findings = subjects.map((subject) => findingsOf(subject, callsPerS, gateway));
  const found = findings.flatMap(({ faults: own }) =>
    own.map((fault) => ({ ...fault, because: `${moments.text(fault.atMs)}: ${fault.because}` })),
  );
  const firstFaultMs = Math.min(...found.map(({ atMs }) => atMs)) - startMs;
  const timeline = createTimeline(startMs, lengthMs, firstFaultMs, speed);
  const placed = placeFaults(found, timeline, moments);
  const faults = nameFaults(placed.faults);
  const recordedTime = (ms: number) => startMs + (ms - timeline.leadMs) * timeline.speed;

  const quiet = subjects.map((subject, index) => {
    const off = windowsOf(subject, findings[index]!.faults);
    const of = (measure: 'errorRate' | 'p50Ms' | 'p99Ms') => usual(subject, off, measure);
    return { errorRate: of('errorRate') ?? 0, p50Ms: of('p50Ms'), p99Ms: of('p99Ms') };
  });
  const patienceMs = patienceOf(
    subjects,
    findings.flatMap(({ lostMs }) => lostMs),
  );
  const bounds = faults.flatMap((fault) => {
    const bound = availabilityBound(availabilityIn(subjects, recordedTime(fault.atMs), recordedTime(fault.atMs + fault.forMs)));
    return bound && (fault.forMs * ratePerS) / 1000 >= LEAST_REQUESTS ? [[fault.name, bound] as const] : [];
  });
  const recorded = `${source}${timeline.speed === 1 ? '' : `, ${timeline.speed} times as fast`}`.slice(0, SOURCE_LENGTH);
  const span = `${lengthText(lengthMs)} from ${moments.isDated ? moments.text(startMs) : 'its start'} on`;
  const targets = subjects.map(({ target }) => target).join(', ');

  return {
    unimported: [...incident.unimported, ...unimported, ...placed.unimported],
    draft: {
      name,
      title: `An incident as ${source} has it`.slice(0, TITLE_LENGTH),
      description:
        `Reproduces what callers of ${targets} met: ${span}, played at ${timeline.speed} times its speed. By default the design ${AS_RECORDED} calls each region in turn and takes what comes, so that the report shows how close the reproduction is; any other design, or a stack of your own, shows what it makes of the same incident.`.slice(
          0,
          DESCRIPTION_LENGTH,
        ),
      head: headOf(source, span, timeline),
      gateway,
      regions: subjects.map(({ target }, index) => regionDraft(target as RegionId, gateway, quiet[index]!, callsPerS)),
      designs: { [AS_RECORDED]: asRecorded(patienceMs) },
      defaultDesign: AS_RECORDED,
      load: { rate: `${Number(ratePerS.toFixed(2))}/s`, timeout: durationText(patienceMs) },
      warmup: '2s',
      durationMs: timeline.durationMs,
      faults,
      steadyState: steadyBound(quiet.reduce((sum, { errorRate }) => sum + errorRate, 0) / quiet.length),
      expect: { ...Object.fromEntries(bounds), all: overallBound(availabilityIn(subjects, startMs, startMs + lengthMs)) },
      recorded: recordedCurves(subjects, startMs, timeline, recorded),
    },
  };
};
