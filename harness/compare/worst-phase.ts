import type { MetricName } from '../verdict/metrics.ts';
import type { PhaseReport, RunReport } from '../verdict/report.ts';
import { numberOf, spreadOf } from './spread.ts';

/** The phase in which a design did worst, and by what. */
export interface WorstPhase {
  readonly phase: string;
  readonly metric: MetricName;
  /** Median over the runs, in the metric's unit. */
  readonly value: number;
}

interface Criterion {
  readonly metric: MetricName;
  readonly read: (phase: PhaseReport) => number | null;
  /** Above 0 when the first is the worse. */
  readonly compare: (a: number, b: number) => number;
  /** Phases that differ by less are alike: what a handful of requests more or less can do. */
  readonly clearly: number;
}

const HALF_A_POINT = 0.005;

/** What decides, the most important first. */
const criteria: readonly Criterion[] = [
  { metric: 'availability', read: ({ availability }) => availability, compare: (a, b) => b - a, clearly: HALF_A_POINT },
  { metric: 'degradedShare', read: ({ degradedShare }) => degradedShare, compare: (a, b) => a - b, clearly: HALF_A_POINT },
  { metric: 'p99', read: ({ latencyMs }) => latencyMs?.p99 ?? null, compare: (a, b) => a - b, clearly: 0 },
];

/**
 * Of the phases of the runs the one with the lowest availability; where that differs by less than half a point, the one with the
 * largest degraded share; where that does not tell either, the one with the highest p99.
 * @param reports runs of one design
 * @returns null without a phase that was measured
 */
export const worstPhase = (reports: readonly RunReport[]): WorstPhase | null => {
  const names = [...new Set(reports.flatMap(({ phases }) => phases.map(({ name }) => name)))];
  for (const { metric, read, compare, clearly } of criteria) {
    const medians = names.flatMap((phase) => {
      const readings = reports.flatMap(({ phases }) => phases.filter(({ name }) => name === phase).map(read));
      const spread = spreadOf(readings.map((value) => (value === null ? null : { value, samples: 0 })));
      return spread ? [{ phase, metric, value: numberOf(spread.median) }] : [];
    });
    const sorted = medians.sort((a, b) => compare(b.value, a.value));
    const [worst] = sorted;
    const best = sorted.at(-1);
    if (worst && best && (sorted.length === 1 || Math.abs(worst.value - best.value) > clearly)) return worst;
  }
  return null;
};
