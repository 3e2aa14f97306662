import type { Expectation } from '../scenario/scenario.ts';
import { costReport } from './cost-report.ts';
import type { PhaseFacts } from './facts.ts';
import { groupReports } from './groups.ts';
import { type MetricName, metricNames, metrics } from './metrics.ts';
import type { PhaseReport } from './report.ts';
import { defaultObjective, type Objective } from './restoration.ts';

/** The objective by which a phase's report gives a time: that of the first expectation on it in the phase. */
const objectiveOf = (metric: MetricName, phase: string, expectations: readonly Expectation[]): Objective =>
  expectations.find((expectation) => expectation.metric === metric && expectation.phase === phase)?.objective ?? defaultObjective;

const timesOf = (
  facts: PhaseFacts,
  expectations: readonly Expectation[],
): Pick<PhaseReport, 'failoverTimeMs' | 'recoveryTimeMs' | 'objectives'> => {
  if (facts.phase.kind !== 'fault') return {};
  const objectives = {
    failoverTime: objectiveOf('failoverTime', facts.phase.name, expectations),
    recoveryTime: objectiveOf('recoveryTime', facts.phase.name, expectations),
  };
  const failover = metrics.failoverTime.measure(facts, objectives.failoverTime);
  const recovery = metrics.recoveryTime.measure(facts, objectives.recoveryTime);
  // A time that can't be measured is left out, so that null always means never.
  return {
    ...(failover.type === 'unmeasurable' ? {} : { failoverTimeMs: failover.type === 'value' ? failover.value : null }),
    ...(recovery.type === 'unmeasurable' ? {} : { recoveryTimeMs: recovery.type === 'value' ? recovery.value : null }),
    objectives,
  };
};

/**
 * Makes a phase's report of what was counted.
 * @param expectations those of the scenario: they say by which objective failover and recovery are timed
 */
export const measurePhase = (facts: PhaseFacts, expectations: readonly Expectation[]): PhaseReport => {
  const measure = (metric: MetricName) => metrics[metric].measure(facts, defaultObjective);
  const numberOf = (metric: MetricName): number | null => {
    const measurement = measure(metric);
    return measurement.type === 'value' ? measurement.value : null;
  };
  const latencyOf = (metric: MetricName): number => numberOf(metric) ?? 0;
  return {
    name: facts.phase.name,
    kind: facts.phase.kind,
    windows: facts.phase.windows,
    measuredMs: facts.measuredMs,
    requests: facts.requests,
    succeeded: facts.succeeded,
    outcomes: facts.outcomes,
    availability: numberOf('availability'),
    goodputPerS: numberOf('goodput'),
    latencyMs:
      facts.requests === 0
        ? null
        : {
            p50: latencyOf('p50'),
            p95: latencyOf('p95'),
            p99: latencyOf('p99'),
            p999: latencyOf('p999'),
            max: facts.latency.max,
          },
    shedShare: numberOf('shedShare'),
    degradedShare: numberOf('degradedShare'),
    accuracy: numberOf('accuracy'),
    costUsdPer1k: numberOf('costPer1k'),
    costUsd: facts.costUsd ?? 0,
    ...(facts.endpoints ? { cost: costReport(facts.endpoints) } : {}),
    ...timesOf(facts, expectations),
    ...(facts.run.load.tenants ? { groups: groupReports(facts) } : {}),
    servedBy: facts.servedBy,
    samples: Object.fromEntries(metricNames.map((name) => [name, measure(name).samples])) as Record<MetricName, number>,
  };
};
