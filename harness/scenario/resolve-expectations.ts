import type { Fault } from '../faults/kind.ts';
import { type DoorName, doorNames, loadDoors } from '../load/doors/index.ts';
import { type NamedBurst, namedBursts } from '../load/named-bursts.ts';
import { PRIORITIES } from '../serving/caller.ts';
import { type MetricDefinition, type MetricName, metrics, type ScenarioPart } from '../verdict/metrics.ts';
import { type Phase, phasesOf, reservedPhaseNames, wholeTimeline } from '../verdict/phases.ts';
import { defaultObjective } from '../verdict/restoration.ts';
import { unknownName } from './explain.ts';
import type { GroupBounds, MetricBounds } from './metric-bounds.ts';
import type { DocumentPath, Report } from './problem.ts';
import type { Expectation, RequestGroup, Scenario } from './scenario.ts';
import type { ParsedScenario } from './schema.ts';

/** What holds before the first fault, where the scenario does not say. */
const DEFAULT_STEADY_STATE: readonly Expectation[] = [{ phase: 'baseline', metric: 'availability', min: 0.99 }];

/** What holds of every run whose answers come by way of a queue. */
const JOB_EXPECTATIONS: readonly Expectation[] = [
  { phase: wholeTimeline(0).name, metric: 'lostJobs', max: 0 },
  { phase: wholeTimeline(0).name, metric: 'duplicateAnswers', max: 0 },
];

/** What holds of every run with data that has to stay somewhere. */
const RESIDENCY_EXPECTATIONS: readonly Expectation[] = [{ phase: wholeTimeline(0).name, metric: 'residencyViolations', max: 0 }];

/** Metrics that can be had of some of the requests: not what providers charge, nor what is counted elsewhere. */
const OF_REQUESTS: readonly string[] = ['requests', 'successful answers', 'predictions'];
const canBeGrouped = ({ sampled, unit }: MetricDefinition): boolean => OF_REQUESTS.includes(sampled) && unit !== 'usd';

type PhaseLike = Pick<Phase, 'name' | 'kind'>;

const groupExpectations = (
  phase: PhaseLike,
  bounds: GroupBounds,
  group: RequestGroup,
  path: DocumentPath,
  report: Report,
): readonly Expectation[] => {
  for (const metric of Object.keys(bounds) as readonly MetricName[]) {
    if (!canBeGrouped(metrics[metric])) report([...path, metric], `${metric} cannot be told of some of the requests`);
  }
  return boundExpectations(phase, bounds, path, report).map((expectation) => ({ ...expectation, group }));
};

/**
 * What is expected of one phase; metrics that it does not have are reported, and tenants that the load does not have.
 * @param tenants their names
 */
export const expectationsOf = (
  phase: PhaseLike,
  { tenants = {}, priorities = {}, ...bounds }: MetricBounds,
  path: DocumentPath,
  report: Report,
  tenantNames: readonly string[] = [],
): readonly Expectation[] => [
  ...boundExpectations(phase, bounds, path, report),
  ...Object.entries(tenants).flatMap(([tenant, ofTenant]) => {
    const tenantPath = [...path, 'tenants', tenant];
    if (!tenantNames.includes(tenant)) report(tenantPath, unknownName('tenant', tenant, tenantNames), true);
    return groupExpectations(phase, ofTenant, { tenant }, tenantPath, report);
  }),
  ...PRIORITIES.flatMap((priority) => {
    const ofPriority = priorities[priority];
    return ofPriority ? groupExpectations(phase, ofPriority, { priority }, [...path, 'priorities', priority], report) : [];
  }),
];

const boundExpectations = (phase: PhaseLike, bounds: GroupBounds, path: DocumentPath, report: Report): readonly Expectation[] =>
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
  tenantNames: readonly string[],
  report: Report,
): readonly Expectation[] => {
  if (!bounds) return baseline ? DEFAULT_STEADY_STATE : [];
  if (baseline) return expectationsOf(baseline, bounds, ['steadyState'], report, tenantNames);
  report(['steadyState'], 'there is no baseline to hold it in: a fault starts at 0s; start the first fault later');
  return [];
};

/** Reports bursts that have the name of another phase. */
const checkNames = (bursts: readonly NamedBurst[], faults: readonly Fault[], report: Report): void => {
  const taken = new Set([...reservedPhaseNames, ...faults.map(({ name }) => name)]);
  for (const { name } of bursts) {
    if (taken.has(name)) report(['load'], `"${name}", a burst, names another phase already; expected another name`);
    taken.add(name);
  }
};

/** Whether answers of the door come by way of a queue. */
const hasQueue = (door: DoorName): boolean => 'later' in loadDoors[door];

/** What each part is that a metric may need, for messages. */
const PARTS: Readonly<Record<ScenarioPart, string>> = {
  registry: 'a model registry (the block `registry`)',
  queue: `a load door whose answers come by way of a queue (${doorNames.filter(hasQueue).join(', ')})`,
  stream: 'a stream (the load door `stream`)',
  residency: 'data that has to stay somewhere (`residency` of a tenant, or of a dataset)',
  datasets: 'datasets (the block `data`)',
};

/** Whether anybody's data has to stay somewhere. */
const hasResidency = ({ load, data }: ParsedScenario): boolean =>
  [...(load.tenants ?? []), ...(data?.datasets ?? [])].some(({ residency }) => residency !== undefined);

/** Reports metrics that are about a part that the scenario does not have: no run could be judged by them. */
const checkParts = (parsed: ParsedScenario, door: DoorName, report: Report): void => {
  const { steadyState, expect, registry, data } = parsed;
  const present: Readonly<Record<ScenarioPart, boolean>> = {
    registry: registry !== undefined,
    queue: hasQueue(door),
    stream: door === 'stream',
    residency: hasResidency(parsed),
    datasets: data !== undefined,
  };
  const check = (bounds: MetricBounds, path: DocumentPath) => {
    for (const metric of Object.keys(bounds)) {
      const { needs }: Pick<MetricDefinition, 'needs'> = metrics[metric as MetricName] ?? {};
      if (needs && !present[needs]) report([...path, metric], `${metric} is about ${PARTS[needs]}; the scenario has none`);
    }
  };
  check(steadyState ?? {}, ['steadyState']);
  for (const [phase, bounds] of Object.entries(expect)) check(bounds, ['expect', phase]);
};

/** What is expected in which phase; phases that the timeline does not have are reported. */
export const resolveExpectations = (
  parsed: ParsedScenario,
  { faults, load }: Pick<Scenario, 'faults' | 'load'>,
  report: Report,
): { readonly steadyState: readonly Expectation[]; readonly expectations: readonly Expectation[] } => {
  const { steadyState, expect, duration } = parsed;
  const bursts = namedBursts(load);
  checkParts(parsed, load.door, report);
  checkNames(bursts, faults, report);
  const phases = [...phasesOf(faults, duration, bursts), wholeTimeline(duration)];
  const tenantNames = (load.tenants ?? []).map(({ name }) => name);
  const names = phases.map((phase) => phase.name);
  const expectations = Object.entries(expect).flatMap(([name, bounds]) => {
    const path = ['expect', name];
    const phase = phases.find((phase) => phase.name === name);
    if (phase) return expectationsOf(phase, bounds, path, report, tenantNames);
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
  const isNamed = ({ phase, metric }: Expectation) =>
    expectations.some((other) => other.phase === phase && other.metric === metric);
  const ofParts = [...(hasQueue(load.door) ? JOB_EXPECTATIONS : []), ...(hasResidency(parsed) ? RESIDENCY_EXPECTATIONS : [])];
  return {
    steadyState: resolveSteadyState(steadyState, baseline, tenantNames, report),
    expectations: [...expectations, ...ofParts.filter((expectation) => !isNamed(expectation))],
  };
};
