import { createDetector, type DetectorOptions } from '../serving/audit/detector.ts';
import { DAY_MS, HOUR_MS, type LabelledTrace, type TheftKind } from './labelled-trace.ts';

/** How a detector did on a trace, or on several. */
export interface DetectorScore {
  /** Alerts about somebody who is stealing then, and all. */
  readonly trueAlerts: number;
  readonly alerts: number;
  /** Thefts with an alert, and all, by kind. */
  readonly found: Readonly<Record<TheftKind, readonly [found: number, all: number]>>;
  /** From the start of each theft that was found to its first alert, milliseconds. */
  readonly delaysMs: readonly number[];
}

/** As the design's defaults are, with windows of an hour: what a caller reads in a run's two seconds it reads in an hour of a trace. */
export const TRACE_OPTIONS: DetectorOptions = {
  mode: 'both',
  windowMs: HOUR_MS,
  threshold: 4.5,
  cooldownMs: 5 * HOUR_MS,
  hourOf: (atMs) => Math.floor((atMs % DAY_MS) / HOUR_MS),
  dayOf: (atMs) => Math.floor(atMs / DAY_MS),
};

export const evaluateDetector = (
  { sightings, thefts }: LabelledTrace,
  options: DetectorOptions = TRACE_OPTIONS,
): DetectorScore => {
  const detect = createDetector(options);
  const alerts = sightings.flatMap((sighting) => detect(sighting));
  const theftAt = (caller: string, atMs: number) =>
    thefts.find((theft) => theft.caller === caller && atMs >= theft.startMs && atMs < theft.endMs);
  const firsts = thefts.map((theft) => alerts.find(({ caller, atMs }) => theftAt(caller, atMs) === theft));
  const found = {} as Record<TheftKind, [number, number]>;
  for (const [index, { kind }] of thefts.entries()) {
    found[kind] ??= [0, 0];
    found[kind][1] += 1;
    if (firsts[index]) found[kind][0] += 1;
  }
  return {
    trueAlerts: alerts.filter(({ caller, atMs }) => theftAt(caller, atMs)).length,
    alerts: alerts.length,
    found,
    delaysMs: firsts.flatMap((alert, index) => (alert ? [alert.atMs - thefts[index]!.startMs] : [])),
  };
};
