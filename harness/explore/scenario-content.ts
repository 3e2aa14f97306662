import { stringify } from 'yaml';
import { formatGaps } from '../load/recorded.ts';
import type { Burst, DataPlan, Expectation, LoadPlan, RegistryPlan, Scenario, TenantLoad } from '../scenario/scenario.ts';
import type { ScenarioFile } from '../scenario/schema.ts';
import type { Design } from '../serving/config.ts';
import { referenceDesign } from '../serving/design/reference.ts';
import { metrics } from '../verdict/metrics.ts';
import type { RunPlan } from '../world/world.ts';
import type { ExploreBounds } from './bounds.ts';
import { faultEntriesOf, formatDuration, type Schedule } from './schedule.ts';

type Content = Readonly<Record<string, unknown>>;

/** A scenario's parts have their units in the name, a file's in the value: `afterMs: 150` is `after: 150ms`. */
const inFileForm = (settings: object): Content =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      if (name.endsWith('Ms') && typeof value === 'number') return [name.slice(0, -2), formatDuration(value)];
      if (name.endsWith('PerS')) return [name.slice(0, -4), value];
      if (name === 'attemptTimeoutMs' || name === 'deadlineMs') return [name.slice(0, -2), value];
      return [name, value];
    }),
  );

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the design has other than the reference. */
const designContent = (design: Design): Content => {
  const differing = (Object.keys(design) as (keyof Design)[]).filter(
    (policy) => JSON.stringify(design[policy]) !== JSON.stringify(referenceDesign[policy]),
  );
  const changed = differing.map((policy) => {
    const value: unknown = design[policy];
    return [policy, isObject(value) ? inFileForm(value) : value] as const;
  });
  return inFileForm(Object.fromEntries(changed));
};

const topologyContent = ({ gatewayRegion, regions }: Scenario['topology']): Content => ({
  gateway: gatewayRegion,
  regions: regions.map(({ provider, region, rttMs, instanceType, instanceUsdPerHour, capacity, billing, country }) => ({
    region: `${provider}/${region}`,
    ...(country === undefined ? {} : { country }),
    instance: instanceType,
    usdPerHour: instanceUsdPerHour,
    rtt: formatDuration(rttMs),
    capacity: inFileForm(capacity),
    ...(billing ? { billing } : {}),
  })),
});

const burstContent = ({ name, atMs, forMs, everyMs, count, multiplier, addPerS }: Burst): Content => ({
  ...(name === undefined ? {} : { name }),
  at: formatDuration(atMs),
  for: formatDuration(forMs),
  ...(count > 1 ? { every: formatDuration(everyMs) } : {}),
  ...(addPerS > 0 ? { add: addPerS } : { multiplier }),
});

const tenantContent = ({ name, share, priority, bursts, residency }: TenantLoad): Content => ({
  name,
  share,
  priority,
  ...(bursts ? { bursts: bursts.map(burstContent) } : {}),
  ...(residency ? { residency } : {}),
});

/** Of the door `http`, as a scenario file has it. */
const httpContent = ({ servedByHeader, ...template }: NonNullable<LoadPlan['http']>): Content => ({
  ...template,
  ...(servedByHeader === undefined ? {} : { servedBy: servedByHeader }),
});

/** The arrivals of a trace stand in the content: it needs no other file. */
const loadContent = (
  { door, http, graphql, model, timeoutMs, deadlineMs, goodWithinMs, tenants, inputs, shape }: LoadPlan,
  durationMs: number,
): Content => {
  const common = {
    door,
    ...(http ? { http: httpContent(http) } : {}),
    ...(graphql ? { graphql } : {}),
    model,
    timeout: formatDuration(timeoutMs),
    ...(deadlineMs === undefined ? {} : { deadline: formatDuration(deadlineMs) }),
    goodWithin: formatDuration(goodWithinMs),
    ...(tenants ? { tenants: tenants.map(tenantContent) } : {}),
    ...(inputs === undefined ? {} : { inputs }),
  };
  if (shape.type === 'closed') return { ...common, connections: shape.connections };
  if (shape.arrivals === 'recorded') return { ...common, trace: { source: shape.source, gapsUs: formatGaps(shape.timesUs) } };
  const [first, ...others] = shape.stages;
  const isConstant = first && others.length === 0 && first.fromPerS === first.toPerS && first.forMs === durationMs;
  const stages = shape.stages.map(({ forMs, fromPerS, toPerS }) => ({ for: formatDuration(forMs), from: fromPerS, to: toPerS }));
  return {
    ...common,
    arrivals: shape.arrivals,
    ...(isConstant ? { rate: first.fromPerS } : { stages }),
    ...(shape.bursts ? { bursts: shape.bursts.map(burstContent) } : {}),
  };
};

const registryContent = ({ regions, backupRegion, publish, read, staleAfterMs }: RegistryPlan): Content => {
  const client = (given: typeof publish) => given && { every: formatDuration(given.everyMs), from: given.regions };
  return {
    regions,
    backup: backupRegion,
    ...(publish ? { publish: client(publish) } : {}),
    ...(read ? { read: client(read) } : {}),
    staleAfter: formatDuration(staleAfterMs),
  };
};

const dataContent = ({ datasets, callers, dayMs }: DataPlan): Content => ({
  datasets: datasets.map(({ residency, ...dataset }) => ({ ...dataset, ...(residency ? { residency } : {}) })),
  callers: callers
    .filter(({ datasets: asked }) => asked.length > 0)
    .map(({ purpose, ...caller }) => ({ ...caller, ...(purpose === '' ? {} : { purpose }) })),
  day: formatDuration(dayMs),
});

const boundContent = ({ metric, min, max, objective }: Expectation): Content => {
  const write = (value: number) => (metrics[metric].unit === 'ms' ? formatDuration(value) : value);
  return {
    ...(min === undefined ? {} : { min: write(min) }),
    ...(max === undefined ? {} : { max: write(max) }),
    ...(objective ? { objective: { success: objective.success, window: formatDuration(objective.windowMs) } } : {}),
  };
};

/** What is expected of one group's requests stands under `tenants` or `priorities`. */
const boundsContent = (expectations: readonly Expectation[]): Record<string, Record<string, Content>> => {
  const phases: Record<string, Record<string, Content>> = {};
  for (const expectation of expectations) {
    const { phase, metric, group } = expectation;
    phases[phase] ??= {};
    const bound = { [metric]: boundContent(expectation) };
    if (!group) Object.assign(phases[phase], bound);
    else {
      const [kind, name] = 'tenant' in group ? ['tenants', group.tenant] : ['priorities', group.priority];
      const ofKind = (phases[phase][kind] ?? {}) as Record<string, Content>;
      phases[phase][kind] = { ...ofKind, [name]: { ...ofKind[name], ...bound } };
    }
  }
  return phases;
};

/** Holds for any run: a scenario must expect something. */
const NOTHING_EXPECTED = { all: { availability: { min: 0 } } };

/**
 * The run of a schedule as a scenario file: topology, load and the design under test, each number written out, with the schedule's
 * faults and the expectations that hold under any schedule.
 * @param plan as it was explored
 */
export const scenarioContent = (plan: RunPlan, schedule: Schedule, bounds: ExploreBounds): ScenarioFile => {
  const { scenario, designName, design } = plan;
  const steady = boundsContent(scenario.steadyState).baseline;
  const expected = bounds.expectations.length > 0 ? boundsContent(bounds.expectations) : NOTHING_EXPECTED;
  const hasBaseline = schedule.every(({ atMs }) => atMs > 0);
  const changes = designContent(design);
  const content = {
    name: `${scenario.name}-found`.slice(0, 64),
    title: `${scenario.title.slice(0, 80)}: found by explore`,
    description: `A fault schedule that explore found for design ${designName} of scenario ${scenario.name}. The design stands here as a whole.`,
    topology: topologyContent(scenario.topology),
    ...(scenario.registry ? { registry: registryContent(scenario.registry) } : {}),
    ...(scenario.data ? { data: dataContent(scenario.data) } : {}),
    ...(Object.keys(changes).length > 0 ? { design: changes } : {}),
    load: loadContent(scenario.load, scenario.durationMs),
    warmup: formatDuration(scenario.warmupMs),
    duration: formatDuration(scenario.durationMs),
    faults: faultEntriesOf(schedule),
    ...(steady && hasBaseline ? { steadyState: steady } : {}),
    expect: expected,
    explore: {
      failoverWithin: formatDuration(bounds.failoverWithinMs),
      recoverWithin: formatDuration(bounds.recoverWithinMs),
      expect: expected,
      ...(bounds.except.length > 0 ? { except: bounds.except } : {}),
    },
  };
  return content as ScenarioFile;
};

/** The content as YAML. */
export const scenarioYaml = (content: ScenarioFile): string =>
  stringify(content, { lineWidth: 120, aliasDuplicateObjects: false });
