import { matchesTarget } from '../faults/target.ts';
import type { Link } from '../topology/link.ts';
import type { Report } from './problem.ts';
import type { ParsedRecorded } from './recorded-block.ts';
import type { RecordedCurves } from './scenario.ts';

/** Puts the recorded curves on the timeline, and reports what has no place on it or in the topology. */
export const resolveRecorded = (
  { source = 'the recording', step, curves }: ParsedRecorded,
  durationMs: number,
  links: readonly Link[],
  report: Report,
): RecordedCurves => ({
  source,
  stepMs: step,
  curves: Object.entries(curves).map(([target, points]) => {
    const path = ['recorded', 'curves', target];
    if (!links.some((link) => link.role === 'inference' && matchesTarget(target, link))) {
      report(path, `the topology has no region ${target}`, true);
    }
    points.forEach(({ at }, index) => {
      const previous = points[index - 1];
      if (previous && at < previous.at + step) {
        report([...path, index, 'at'], `expected at least ${(previous.at + step) / 1000}s, a step after the point before`);
      } else if (at >= durationMs)
        report([...path, index, 'at'], `is after the timeline ends; expected less than ${durationMs / 1000}s`);
    });
    return {
      target,
      points: points.map(({ at, errorRate, p50, p99, price }) => ({
        atMs: at,
        errorRate: errorRate ?? null,
        p50Ms: p50 ?? null,
        p99Ms: p99 ?? null,
        price: price ?? null,
      })),
    };
  }),
});
