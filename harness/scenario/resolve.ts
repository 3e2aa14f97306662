import type { Design } from '../serving/config.ts';
import { designPatches, type NamedPatch } from '../serving/design/designs.ts';
import { applyPatch, type DesignPatch } from '../serving/design/patch.ts';
import { referenceDesign } from '../serving/design/reference.ts';
import { containersOf } from '../topology/container-placements.ts';
import { linksOf } from '../topology/links.ts';
import { faultableLinks, nodesOf } from '../topology/node-placements.ts';
import { markSecured, securedNodes } from '../topology/secured-links.ts';
import type { StopCondition, StopMetric } from '../verdict/stop-conditions.ts';
import type { ParsedAbort } from './abort-block.ts';
import { checkResidency } from './check-residency.ts';
import { explain, unknownName } from './explain.ts';
import { limits } from './limits.ts';
import { type Problem, problemsOf, type Report } from './problem.ts';
import { resolveData } from './resolve-data.ts';
import { resolveExpectations } from './resolve-expectations.ts';
import { resolveExplore } from './resolve-explore.ts';
import { resolveFaults } from './resolve-faults.ts';
import { resolveLoad } from './resolve-load.ts';
import { resolveRecorded } from './resolve-recorded.ts';
import { resolveRegistry } from './resolve-registry.ts';
import { resolveTopology } from './resolve-topology.ts';
import type { Scenario } from './scenario.ts';
import { type ParsedScenario, scenarioFile } from './schema.ts';

/** A scenario, or all that keeps it from being one. */
export type Resolved =
  | { readonly scenario: Scenario; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly scenario?: never };

const mapValues = <From, To>(values: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));

/** Policies of the patch that the design has switched off, and that the patch gives settings of. */
const switchedOffIn = (design: Design, patch: DesignPatch): readonly (keyof Design)[] =>
  (Object.keys(patch) as readonly (keyof Design)[]).filter(
    (policy) => design[policy] === false && typeof patch[policy] === 'object',
  );

/** A flaw takes something away: it does not bring back what the scenario has switched off. */
const applyShipped = (base: Design, { kind, patch }: NamedPatch): Design => {
  if (kind === 'architecture') return applyPatch(base, patch);
  const off = switchedOffIn(base, patch);
  return applyPatch(base, Object.fromEntries(Object.entries(patch).filter(([policy]) => !off.includes(policy as keyof Design))));
};

/** The scenario's own changes come first, so that a shipped bad design is bad in just its one respect. */
const resolveDesigns = (
  { design = {}, designs = {}, defaultDesign = 'reference', badDesigns = [] }: ParsedScenario,
  report: Report,
) => {
  for (const name of Object.keys(designs)) {
    if (!Object.hasOwn(designPatches, name)) continue;
    report(['designs', name], `"${name}" is a design that squall ships; expected another name`, true);
  }
  if (Object.keys(designs).length > limits.designs) report(['designs'], `expected at most ${limits.designs} designs`);
  const base = applyPatch(referenceDesign, design);
  const all: Readonly<Record<string, Design>> = {
    ...mapValues(designPatches, (shipped) => applyShipped(base, shipped)),
    ...mapValues(designs, (patch) => applyPatch(base, patch)),
  };
  if (!Object.hasOwn(all, defaultDesign)) report(['defaultDesign'], unknownName('design', defaultDesign, Object.keys(all)));
  for (const [index, bad] of badDesigns.entries()) {
    if (!Object.hasOwn(all, bad)) report(['badDesigns', index], unknownName('design', bad, Object.keys(all)));
    else if (bad === defaultDesign) report(['badDesigns', index], 'is the design that runs by default; expected another');
  }
  return { design: defaultDesign, designs: all, badDesigns };
};

const stopConditionsOf = (conditions: ParsedAbort): readonly StopCondition[] =>
  (Object.entries(conditions) as [StopMetric, { min?: number; max?: number; for: number } | undefined][]).flatMap(
    ([metric, bound]) => {
      if (!bound) return [];
      const { for: forMs, ...bounds } = bound;
      return [{ metric, ...bounds, forMs }];
    },
  );

const assemble = (parsed: ParsedScenario, fallbackName: string, folder: string | undefined, report: Report): Scenario => {
  const name = parsed.name ?? fallbackName;
  // What the stack has at rest is encrypted, where its design says so, under keys of a cloud's key service.
  const hasKeys = parsed.registry || parsed.data ? { hasKeys: true as const } : {};
  const topology = { ...resolveTopology(parsed.topology, report), ...hasKeys };
  const designs = resolveDesigns(parsed, report);
  const data = resolveData(parsed, report);
  const load = { ...resolveLoad(parsed, folder, report), ...data };
  checkResidency(load, topology, report);
  const registry = parsed.registry ? { registry: resolveRegistry(parsed.registry, parsed.topology.gateway) } : {};
  const design = designs.designs[designs.design] ?? referenceDesign;
  const nodes = nodesOf({ topology, load, ...registry, ...data, design });
  const containers = containersOf(topology);
  for (const { link, container } of containers) {
    if (!nodes.some((node) => node.link.id === link.id)) continue;
    report(
      ['topology', 'containers', container.name],
      `${link.id} is a node of the reference stack; expected another name`,
      true,
    );
  }
  const secured = { links: markSecured(linksOf(topology), designs), nodes: securedNodes(nodes, designs), containers };
  const faults = resolveFaults(parsed, faultableLinks(secured), report);
  return {
    name,
    title: parsed.title ?? name,
    description: parsed.description.trim(),
    topology,
    ...designs,
    load,
    ...registry,
    ...data,
    warmupMs: parsed.warmup,
    durationMs: parsed.duration,
    faults,
    ...resolveExpectations(parsed, { faults, load }, report),
    ...(parsed.recorded ? { recorded: resolveRecorded(parsed.recorded, parsed.duration, linksOf(topology), report) } : {}),
    ...(parsed.abortWhen ? { abortWhen: stopConditionsOf(parsed.abortWhen) } : {}),
    ...(parsed.explore
      ? {
          explore: resolveExplore(
            parsed.explore,
            { durationMs: parsed.duration, tenantNames: (load.tenants ?? []).map((tenant) => tenant.name) },
            report,
          ),
        }
      : {}),
  };
};

/**
 * Makes a scenario of what a file holds: checked, defaults filled in, figures looked up.
 * @param content as a file gives it; see `ScenarioFile`
 * @param fallbackName where the content has no `name`
 * @param folder where files are that the content names; absent refuses them
 */
export const resolveScenario = (content: unknown, fallbackName: string, folder?: string): Resolved => {
  const parsed = scenarioFile.safeParse(content, { error: explain });
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  const problems: Problem[] = [];
  const scenario = assemble(parsed.data, fallbackName, folder, (path, message, isAboutKey) =>
    problems.push({ path, message, ...(isAboutKey ? { isAboutKey } : {}) }),
  );
  return problems.length > 0 ? { problems } : { scenario };
};
