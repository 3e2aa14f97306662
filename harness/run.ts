import { keepAuditLogs } from './audit/log-files.ts';
import { SquallError } from './errors.ts';
import { provenanceOf } from './evidence/provenance.ts';
import { loadDoors } from './load/doors/index.ts';
import { namedBursts } from './load/named-bursts.ts';
import { nearestNames } from './nearest-names.ts';
import { createRollingWindow, type Progress } from './progress.ts';
import type { Scenario } from './scenario/scenario.ts';
import { containersOf } from './topology/container-placements.ts';
import { linksOf } from './topology/links.ts';
import { nodesOf } from './topology/node-placements.ts';
import { markSecured, securedNodes } from './topology/secured-links.ts';
import { judge } from './verdict/judge.ts';
import { phasesOf } from './verdict/phases.ts';
import type { RunReport } from './verdict/report.ts';
import type { RunPlan, World } from './world/world.ts';

export interface RunOptions {
  /** Name of a design; absent takes the scenario's own. */
  readonly designName?: string;
  /** 0..2^32-1. */
  readonly seed: number;
  /** Live: port that the system under test listens on; absent takes a free one. */
  readonly gatewayPort?: number;
  /** Live: port of the first link, the next ones follow; absent takes free ones. */
  readonly firstLinkPort?: number;
  /** What is tested in place of the reference stack, as a report names it. */
  readonly sut?: string;
  /** Live: folder that the run may leave files in; left out, it leaves none. */
  readonly folder?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Decides all that a run needs.
 * @throws {SquallError} `NOT_FOUND` for a design that the scenario does not have
 */
export const planRun = (scenario: Scenario, options: RunOptions): RunPlan => {
  const designName = options.designName ?? scenario.design;
  const design = scenario.designs[designName];
  if (!design) {
    const known = Object.keys(scenario.designs);
    throw new SquallError(
      'NOT_FOUND',
      `Scenario ${scenario.name} has no design "${designName}".${nearestNames(designName, known)}`,
      `Designs: ${known.join(', ')}.`,
    );
  }
  // Another system has none of the reference stack's nodes.
  const nodes = options.sut === undefined ? nodesOf({ ...scenario, design }) : [];
  const { node } = loadDoors[scenario.load.door];
  if (design.transport && node !== undefined) {
    throw new SquallError(
      'BAD_SCENARIO',
      `${scenario.name}: the load comes by ${scenario.load.door}, to the node ${node} itself, and the design lets parts of the stack alone in there (transport).`,
      'Take another door, such as jobs, or the policy transport away.',
    );
  }
  const containers = containersOf(scenario.topology);
  return {
    scenario,
    designName,
    design,
    seed: options.seed,
    links: markSecured(linksOf(scenario.topology), scenario),
    ...(nodes.length > 0 ? { nodes: securedNodes(nodes, scenario) } : {}),
    ...(containers.length > 0 ? { containers } : {}),
    ...(options.gatewayPort === undefined ? {} : { gatewayPort: options.gatewayPort }),
    ...(options.firstLinkPort === undefined ? {} : { firstLinkPort: options.firstLinkPort }),
    ...(options.sut === undefined ? {} : { sut: options.sut }),
  };
};

/**
 * Runs a scenario in a world and judges it.
 * @throws {SquallError} when the run cannot start
 */
export const runScenario = async (world: World, scenario: Scenario, options: RunOptions): Promise<RunReport> => {
  const plan = planRun(scenario, options);
  const phases = phasesOf(scenario.faults, scenario.durationMs, namedBursts(scenario.load));
  const window = createRollingWindow();

  const phaseAt = (nowMs: number): string =>
    nowMs < 0
      ? 'warm-up'
      : phases
          .filter((phase) => phase.windows.some(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs))
          .map((phase) => phase.name)
          .join('+') || 'ending';

  const record = await world.run(plan, {
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.folder === undefined ? {} : { folder: options.folder }),
    onRecords(records, nowMs) {
      options.onProgress?.({
        scenario: scenario.name,
        design: plan.designName,
        elapsedMs: nowMs,
        durationMs: scenario.durationMs,
        phase: phaseAt(nowMs),
        faults: scenario.faults,
        ...window.add(records, nowMs),
      });
    },
  });
  if (options.folder !== undefined && world.name === 'live') keepAuditLogs(options.folder, record.audits ?? {});
  return { ...judge(plan, record, world.name), provenance: provenanceOf(plan) };
};
