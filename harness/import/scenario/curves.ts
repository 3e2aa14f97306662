import type { Subject } from '../fit/measures.ts';
import { durationText, percent } from '../fit/text.ts';
import { importLimits } from '../limits.ts';
import { coarsen } from '../merge-points.ts';
import type { RecordedDraft } from './draft.ts';
import type { Timeline } from './timeline.ts';

/** A step of less holds too few calls to tell anything, milliseconds. */
const LEAST_STEP_MS = 1000;

/** Whole intervals that make a step long enough, and the points few enough. */
const intervalsAStep = (intervalMs: number, { speed, durationMs }: Timeline): number => {
  const leastMs = Math.max(LEAST_STEP_MS, durationMs / importLimits.curvePoints);
  return Math.max(1, Math.ceil((leastMs * speed) / intervalMs));
};

const digits = (value: number): number => Number(value.toPrecision(5));

/** What was recorded, on the scenario's timeline. @param startMs of the recording */
export const recordedCurves = (
  subjects: readonly Subject[],
  startMs: number,
  timeline: Timeline,
  source: string,
): RecordedDraft => {
  const intervalMs = Math.min(...subjects.map((subject) => subject.intervalMs));
  const recordedStepMs = intervalMs * intervalsAStep(intervalMs, timeline);
  const curve = (subject: Subject) =>
    coarsen(subject.points, startMs, recordedStepMs).flatMap(({ atMs, errorRate, p50Ms, p99Ms, price }) => {
      const values = {
        ...(errorRate === null ? {} : { errorRate: percent(errorRate) }),
        ...(p50Ms === null ? {} : { p50: durationText(p50Ms) }),
        ...(p99Ms === null ? {} : { p99: durationText(p99Ms) }),
        ...(price === null ? {} : { price: digits(price) }),
      };
      const at = Math.round(timeline.at(atMs));
      return Object.keys(values).length === 0 || at >= timeline.durationMs ? [] : [{ at: durationText(at), ...values }];
    });
  return {
    source,
    // Starts are rounded to the millisecond, so that two may be a fraction of one closer than a step.
    stepMs: Math.floor(recordedStepMs / timeline.speed),
    curves: Object.fromEntries(subjects.map((subject) => [subject.target, curve(subject)])),
  };
};
