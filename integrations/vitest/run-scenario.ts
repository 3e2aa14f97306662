import { SquallError } from '../../harness/errors.ts';
import { runScenario as runIn } from '../../harness/run.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import { formatPath } from '../../harness/scenario/problem.ts';
import { resolveScenario } from '../../harness/scenario/resolve.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import type { ScenarioFile } from '../../harness/scenario/schema.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { createSimWorld } from '../../harness/world/sim/sim-world.ts';
import type { World } from '../../harness/world/world.ts';
import { rememberRun } from './known-runs.ts';

export interface ScenarioRunOptions {
  /** `sim`: virtual time, many times faster; `live`: real processes, sockets and time. `sim` when left out. */
  readonly world?: World['name'];
  /** The scenario's own when left out; `squall list designs`. */
  readonly design?: string;
  /** Of arrivals, samples and fault draws, 0..2^32-1; 1 when left out, as on the command line. */
  readonly seed?: number;
  /** Ends the run early, cleaned up and interrupted. */
  readonly signal?: AbortSignal;
}

const DEFAULT_SEED = 1;
const NAMELESS = 'scenario';

let sim: World | undefined;

/** One thread for all simulated runs of a test file: they are started when they are first needed. */
const worldCalled = async (name: World['name']): Promise<World> => {
  // Most suites have no use for it: it brings the load generator and the wire.
  if (name === 'live') return (await import('../../harness/world/live/live-world.ts')).liveWorld;
  sim ??= createSimWorld();
  return sim;
};

const scenarioOf = async (given: string | ScenarioFile): Promise<Scenario> => {
  if (typeof given === 'string') return loadScenario(given);
  const { scenario, problems } = resolveScenario(given, NAMELESS, process.cwd());
  if (scenario) return scenario;
  const lines = problems.map(({ path, message }) => (path.length === 0 ? message : `${formatPath(path)}: ${message}`));
  throw new SquallError('BAD_SCENARIO', [`Scenario ${given.name ?? NAMELESS} can't be run.`, ...lines].join('\n'));
};

/**
 * Runs a scenario and judges it.
 * @param given name of a scenario that ships, path of a file, or what a file would hold (`defineScenario`)
 * @throws {SquallError} when the scenario is wrong, or the run can't start
 */
export const runScenario = async (given: string | ScenarioFile, options: ScenarioRunOptions = {}): Promise<RunReport> => {
  const { world = 'sim', design, seed = DEFAULT_SEED, signal } = options;
  const scenario = await scenarioOf(given);
  const { name, run } = await worldCalled(world);
  let remember: (report: RunReport) => void = () => undefined;
  const watched: World = {
    name,
    async run(plan, hooks) {
      const record = await run(plan, hooks);
      remember = (report) => rememberRun(report, plan.scenario, record);
      return record;
    },
  };
  const report = await runIn(watched, scenario, {
    seed,
    ...(design === undefined ? {} : { designName: design }),
    ...(signal ? { signal } : {}),
  });
  remember(report);
  return report;
};
