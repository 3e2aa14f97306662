import type { Expectation } from '../scenario/scenario.ts';
import type { PhaseFacts } from './facts.ts';
import { formatAgainst, formatBounds, formatTime, formatValue } from './format.ts';
import { scopeOf } from './groups.ts';
import { type Measurement, type MetricDefinition, metrics } from './metrics.ts';
import type { ExpectationResult } from './report.ts';
import { defaultObjective, type Objective } from './restoration.ts';

const isMet = (actual: number, { min, max }: Expectation): boolean =>
  (min === undefined || actual >= min) && (max === undefined || actual <= max);

/** Why a phase's metric can't be judged; undefined when it can. */
const obstacle = (metric: MetricDefinition, measurement: Measurement, facts: PhaseFacts): string | undefined => {
  const { run, phase, measuredMs } = facts;
  const ended = run.measuredUntilMs < run.durationMs ? `the run ended at ${formatTime(run.measuredUntilMs)}` : undefined;
  if (!metric.phases.includes(phase.kind))
    return `it is measured in phases of kind ${metric.phases.join(', ')}, not ${phase.kind}`;
  if (measuredMs === 0 && ended) return `${ended}, before this phase`;
  if (measurement.type === 'unmeasurable') return measurement.why;
  if (measurement.samples >= metric.minSamples) return undefined;
  return `${measurement.samples} ${metric.sampled}, at least ${metric.minSamples} are needed${ended ? `; ${ended}` : ''}`;
};

const sentence = (expectation: Expectation, metric: MetricDefinition, measurement: Measurement, objective: Objective): string => {
  const name = expectation.metric;
  const phase = scopeOf(expectation);
  const seen =
    measurement.type === 'value'
      ? `${name} in ${phase} was ${formatAgainst(metric.unit, measurement.value, expectation)}`
      : `${name} in ${phase} was never reached${metric.usesObjective ? ` (undegraded success did not hold at ${formatValue('share', objective.success)} for ${formatTime(objective.windowMs)})` : ''}`;
  return `${seen}, required ${formatBounds(metric.unit, expectation)} (n=${measurement.samples})`;
};

/**
 * Judges one expectation against what was measured.
 * @param facts of the phase that it names; undefined when the timeline has no such phase
 */
export const evaluate = (expectation: Expectation, isSteadyState: boolean, facts: PhaseFacts | undefined): ExpectationResult => {
  const { phase, group, metric: name, min, max } = expectation;
  const metric: MetricDefinition = metrics[name];
  const objective = expectation.objective ?? defaultObjective;
  const measurement: Measurement = facts
    ? metric.measure(facts, objective)
    : { type: 'unmeasurable', why: 'the timeline leaves no time for this phase', samples: 0 };
  const why = facts ? obstacle(metric, measurement, facts) : measurement.type === 'unmeasurable' ? measurement.why : undefined;
  const asked = {
    phase,
    ...(group ? { group } : {}),
    metric: name,
    isSteadyState,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(metric.usesObjective ? { objective } : {}),
    samples: measurement.samples,
  };
  if (why !== undefined) {
    return {
      ...asked,
      actual: null,
      outcome: 'unmeasurable',
      text: `${name} in ${scopeOf(expectation)} can't be judged: ${why}`,
    };
  }
  const actual = measurement.type === 'value' ? measurement.value : null;
  // A time that was never reached is longer than any bound.
  const outcome = isMet(actual ?? Number.POSITIVE_INFINITY, expectation) ? 'met' : 'broken';
  return { ...asked, actual, outcome, text: sentence(expectation, metric, measurement, objective) };
};
