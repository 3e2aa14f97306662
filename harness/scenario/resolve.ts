import type { Design } from '../serving/config.ts';
import { applyPatch, designPatches, referenceDesign } from '../serving/designs.ts';
import { linksOf } from '../topology/links.ts';
import { explain, unknownName } from './explain.ts';
import { type Problem, problemsOf, type Report } from './problem.ts';
import { resolveExpectations } from './resolve-expectations.ts';
import { resolveFaults } from './resolve-faults.ts';
import { resolveLoad } from './resolve-load.ts';
import { resolveTopology } from './resolve-topology.ts';
import type { Scenario } from './scenario.ts';
import { limits, type ParsedScenario, scenarioFile } from './schema.ts';

/** A scenario, or all that keeps it from being one. */
export type Resolved =
  | { readonly scenario: Scenario; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly scenario?: never };

const mapValues = <From, To>(values: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));

/** The scenario's own changes come first, so that a shipped bad design is bad in just its one respect. */
const resolveDesigns = ({ design = {}, designs = {}, defaultDesign = 'reference' }: ParsedScenario, report: Report) => {
  const base = applyPatch(referenceDesign, design);
  for (const name of Object.keys(designs)) {
    if (Object.hasOwn(designPatches, name) || name === 'reference') {
      report(['designs', name], `"${name}" is a design that squall ships; expected another name`, true);
    }
  }
  if (Object.keys(designs).length > limits.designs) report(['designs'], `expected at most ${limits.designs} designs`);
  const all: Readonly<Record<string, Design>> = {
    reference: base,
    ...mapValues(designPatches, ({ patch }) => applyPatch(base, patch)),
    ...mapValues(designs, (patch) => applyPatch(base, patch)),
  };
  if (!Object.hasOwn(all, defaultDesign)) report(['defaultDesign'], unknownName('design', defaultDesign, Object.keys(all)));
  return { design: defaultDesign, designs: all };
};

const assemble = (parsed: ParsedScenario, fallbackName: string, report: Report): Scenario => {
  const name = parsed.name ?? fallbackName;
  const topology = resolveTopology(parsed.topology, report);
  const faults = resolveFaults(parsed, linksOf(topology), report);
  return {
    name,
    title: parsed.title ?? name,
    description: parsed.description.trim(),
    topology,
    ...resolveDesigns(parsed, report),
    load: resolveLoad(parsed, report),
    warmupMs: parsed.warmup,
    durationMs: parsed.duration,
    faults,
    ...resolveExpectations(parsed, faults, report),
  };
};

/**
 * Makes a scenario of what a file holds: checked, defaults filled in, figures looked up.
 * @param content as a file gives it; see `ScenarioFile`
 * @param fallbackName where the content has no `name`
 */
export const resolveScenario = (content: unknown, fallbackName: string): Resolved => {
  const parsed = scenarioFile.safeParse(content, { error: explain });
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  const problems: Problem[] = [];
  const scenario = assemble(parsed.data, fallbackName, (path, message, isAboutKey) =>
    problems.push({ path, message, ...(isAboutKey ? { isAboutKey } : {}) }),
  );
  return problems.length > 0 ? { problems } : { scenario };
};
