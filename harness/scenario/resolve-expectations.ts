import type { Fault } from '../faults/kind.ts';
import { type MetricName, metrics } from '../verdict/metrics.ts';
import { type Phase, phasesOf, reservedPhaseNames, wholeTimeline } from '../verdict/phases.ts';
import { defaultObjective } from '../verdict/restoration.ts';
import { unknownName } from './explain.ts';
import type { MetricBounds } from './metric-bounds.ts';
import type { DocumentPath, Report } from './problem.ts';
import type { Expectation } from './scenario.ts';
import type { ParsedScenario } from './schema.ts';

/** What holds before the first fault, where the scenario does not say. */
const DEFAULT_STEADY_STATE: readonly Expectation[] = [{ phase: 'baseline', metric: 'availability', min: 0.99 }];

/** What is expected of one phase; metrics that it does not have are reported. */
export const expectationsOf = (
  phase: Pick<Phase, 'name' | 'kind'>,
  bounds: MetricBounds,
  path: DocumentPath,
  report: Report,
): readonly Expectation[] =>
  (Object.keys(bounds) as readonly MetricName[]).flatMap((metric) => {
    const asked = bounds[metric];
    if (asked === undefined) return [];
    const { phases, usesObjective } = metrics[metric];
    if (!phases.includes(phase.kind))
      report(
        [...path, metric],
        `${metric} has no meaning in ${phase.name}; it is measured in phases of kind ${phases.join(', ')}`,
      );
    const { success = defaultObjective.success, window = defaultObjective.windowMs } = asked.objective ?? {};
    return {
      phase: phase.name,
      metric,
      ...(asked.min === undefined ? {} : { min: asked.min }),
      ...(asked.max === undefined ? {} : { max: asked.max }),
      ...(usesObjective ? { objective: { success, windowMs: window } } : {}),
    };
  });

const resolveSteadyState = (
  bounds: MetricBounds | undefined,
  baseline: Phase | undefined,
  report: Report,
): readonly Expectation[] => {
  if (!bounds) return baseline ? DEFAULT_STEADY_STATE : [];
  if (baseline) return expectationsOf(baseline, bounds, ['steadyState'], report);
  report(['steadyState'], 'there is no baseline to hold it in: a fault starts at 0s; start the first fault later');
  return [];
};

/** What is expected in which phase; phases that the timeline does not have are reported. */
export const resolveExpectations = (
  { steadyState, expect, duration }: ParsedScenario,
  faults: readonly Fault[],
  report: Report,
): { readonly steadyState: readonly Expectation[]; readonly expectations: readonly Expectation[] } => {
  const phases = [...phasesOf(faults, duration), wholeTimeline(duration)];
  const names = phases.map((phase) => phase.name);
  const expectations = Object.entries(expect).flatMap(([name, bounds]) => {
    const path = ['expect', name];
    const phase = phases.find((phase) => phase.name === name);
    if (phase) return expectationsOf(phase, bounds, path, report);
    report(
      path,
      reservedPhaseNames.includes(name) ? `the timeline leaves no time for ${name}` : unknownName('phase', name, names),
      true,
    );
    return [];
  });
  if (Object.keys(expect).length === 0)
    report(['expect'], 'nothing is expected, so that no run can fail; expected a phase with a metric');
  const baseline = phases.find((phase) => phase.kind === 'baseline');
  return { steadyState: resolveSteadyState(steadyState, baseline, report), expectations };
};
