import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { exploreBounds } from '../../harness/explore/bounds.ts';
import { type ExploreProgress, type ExploreResult, explore } from '../../harness/explore/explore.ts';
import { writeReplay } from '../../harness/explore/replay-file.ts';
import { scenarioContent, scenarioYaml } from '../../harness/explore/scenario-content.ts';
import type { Budget } from '../../harness/explore/search.ts';
import { planRun } from '../../harness/run.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import type { Shard } from '../../harness/shard.ts';
import { squallVersion } from '../../harness/version.ts';
import { createSimPool } from '../../harness/world/sim/pool.ts';
import type { RunPlan } from '../../harness/world/world.ts';
import { exitCodes } from '../exit-codes.ts';
import { describeEmpty, describeFinding, progressLine } from '../explore-text.ts';
import type { Interrupts } from '../interrupt.ts';
import type { Invocation } from '../main.ts';
import { parseBudget, parseSeed, parseShard, parseWorkers } from '../options.ts';
import { type OutputFile, outputFile } from '../output-file.ts';

const DEFAULT_SEED = 1;
const DEFAULT_BUDGET: Budget = { type: 'time', ms: 60_000 };
const WHOLE: Shard = { index: 1, of: 1 };
/** Runs that wait for each thread, so that none is idle while results are judged. */
const RUNS_PER_WORKER = 2;
const PROGRESS_EVERY_MS = 100;

interface ExploreFlags {
  readonly design?: string;
  readonly budget: Budget;
  readonly shard: Shard;
  readonly seed: number;
  readonly workers: number;
  readonly out?: string;
}

/** A line that is written over again and again, on a terminal only. */
const watchProgress = () => {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  let shownAtMs = Number.NEGATIVE_INFINITY;
  return {
    show(progress: ExploreProgress) {
      if (performance.now() - shownAtMs < PROGRESS_EVERY_MS) return;
      shownAtMs = performance.now();
      stderr.write(`\r\u001b[K${progressLine(progress)}`);
    },
    clear: () => void stderr.write('\r\u001b[K'),
  };
};

const replayText = (plan: RunPlan, { bounds, finding }: ExploreResult): string =>
  writeReplay({
    squall: squallVersion(),
    scenario: scenarioContent(plan, finding!.schedule, bounds),
    design: plan.designName,
    seed: plan.seed,
    path: finding!.path,
    expected: finding!.violations.map((violation) => ({ ...violation })),
  });

const conclude = (plan: RunPlan, result: ExploreResult, out: OutputFile): number => {
  if (!result.finding) {
    const isInterrupted = result.ended === 'interrupted';
    process.stdout.write(describeEmpty(plan, result, isInterrupted));
    return isInterrupted ? exitCodes.interrupted : exitCodes.passed;
  }
  const yaml = scenarioYaml(scenarioContent(plan, result.finding.schedule, result.bounds));
  process.stdout.write(describeFinding(plan, result, out.path) + yaml);
  out.write(replayText(plan, result));
  return exitCodes.failed;
};

const runExplore = async (name: string, flags: ExploreFlags, interrupts: Interrupts): Promise<number> => {
  const scenario = await loadScenario(name);
  const plan = planRun(scenario, { seed: flags.seed, ...(flags.design === undefined ? {} : { designName: flags.design }) });
  exploreBounds(scenario);
  const out = outputFile('--out', flags.out ?? `squall-replay-${scenario.name}-${plan.designName}-${plan.seed}.json`);
  const signal = interrupts.takeOver();
  const pool = createSimPool({ workers: flags.workers });
  const progress = watchProgress();
  try {
    const result = await explore(plan, {
      simulator: pool,
      budget: flags.budget,
      shard: flags.shard,
      width: flags.workers * RUNS_PER_WORKER,
      signal,
      nowMs: () => performance.now(),
      onProgress: progress.show,
    });
    progress.clear();
    return conclude(plan, result, out);
  } finally {
    await pool.close();
  }
};

export const exploreCommand = (invocation: Invocation): Command =>
  new Command('explore')
    .description('look for the fault schedule that breaks a design, and make it as simple as can be')
    .argument('<scenario>', 'a name from `squall list`, or a .yaml, .json, .ts or .js file; its own faults are left out')
    .option('-d, --design <name>', 'design of the serving stack; see `squall list designs`')
    .addOption(
      new Option('-b, --budget <time|count>', 'when to stop: 60s, 5m, or a count of schedules')
        .argParser(parseBudget)
        .default(DEFAULT_BUDGET, '60s'),
    )
    .addOption(
      new Option('--shard <i/n>', 'take every n-th schedule from the i-th on, to share the search between machines')
        .argParser((value) => parseShard(value))
        .default(WHOLE, '1/1'),
    )
    .option('-s, --seed <number>', 'seed of the schedules, and of arrivals, samples and fault draws', parseSeed, DEFAULT_SEED)
    .option('-w, --workers <number>', 'threads; they change the speed, not what is found', parseWorkers, availableParallelism())
    .option('-o, --out <file>', 'where to save the replay file (default: squall-replay-....json)')
    .addHelpText('after', '\nExit codes: 0 nothing found, 1 found, 2 usage or bad input, 130 interrupted.')
    .action(async (name: string, flags: ExploreFlags) => {
      invocation.exitCode = await runExplore(name, flags, invocation.interrupts);
    });
