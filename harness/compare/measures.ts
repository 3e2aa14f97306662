import type { MetricName } from '../verdict/metrics.ts';
import type { PhaseReport, RunReport } from '../verdict/report.ts';
import { numberOf, type Quantity, type Reading } from './spread.ts';

/** What designs are compared by: a metric over a whole run. */
export interface Measure {
  /** Whose unit and smallest count of samples it has. */
  readonly metric: MetricName;
  /** For the head of a plot. */
  readonly label: string;
  readonly better: 'lower' | 'higher';
  /** Null where the run could not measure it. */
  readonly read: (report: RunReport) => Reading | null;
}

const overall = (
  metric: MetricName,
  label: string,
  better: Measure['better'],
  value: (phase: PhaseReport) => number | null | undefined,
): Measure => ({
  metric,
  label,
  better,
  read: ({ overall }) => {
    const number = value(overall);
    return number === null || number === undefined ? null : { value: number, samples: overall.samples[metric] };
  },
});

/** Of several faults the one that took longest; a fault whose time can't be measured says nothing. */
const worstFailover = ({ phases }: RunReport): Reading | null => {
  const readings = phases.flatMap(({ failoverTimeMs, samples }): readonly Reading[] => {
    if (failoverTimeMs === undefined) return [];
    const value: Quantity = failoverTimeMs === null ? 'never' : failoverTimeMs;
    return [{ value, samples: samples.failoverTime }];
  });
  return readings.reduce<Reading | null>(
    (worst, reading) => (worst === null || numberOf(reading.value) > numberOf(worst.value) ? reading : worst),
    null,
  );
};

/** Share of all requests. Without an answer there is no degraded share: then nothing was answered at full quality. */
const fullQuality = ({ availability, degradedShare }: PhaseReport): number | null =>
  availability === null ? null : availability * (1 - (degradedShare ?? 0));

/** All measures, in the order of the table's columns. A new one is a line here. */
export const measures = {
  availability: overall('availability', 'Availability', 'higher', ({ availability }) => availability),
  fullQuality: overall('availability', 'Availability at full quality', 'higher', fullQuality),
  p99: overall('p99', 'p99 latency', 'lower', ({ latencyMs }) => latencyMs?.p99),
  failoverTime: { metric: 'failoverTime', label: 'Failover time, worst fault', better: 'lower', read: worstFailover },
  degradedShare: overall('degradedShare', 'Degraded share', 'lower', ({ degradedShare }) => degradedShare),
  accuracy: overall('accuracy', 'Accuracy', 'higher', ({ accuracy }) => accuracy),
  costPer1k: overall('costPer1k', 'Cost per 1,000', 'lower', ({ costUsdPer1k }) => costUsdPer1k),
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof measures;

export const measureNames = Object.keys(measures) as readonly MeasureName[];
