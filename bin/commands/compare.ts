import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Command, Option } from 'commander';
import type { ComparisonReport } from '../../harness/compare/report.ts';
import { type Runner, runComparison } from '../../harness/compare/run-comparison.ts';
import { parseSweep } from '../../harness/compare/sweep.ts';
import { variantsOf } from '../../harness/compare/variants.ts';
import { SquallError } from '../../harness/errors.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import { liveWorld } from '../../harness/world/live/live-world.ts';
import { createSimPool } from '../../harness/world/sim/pool.ts';
import type { World } from '../../harness/world/world.ts';
import { comparisonReporters } from '../../reports/compare/index.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Interrupts } from '../interrupt.ts';
import type { Invocation } from '../main.ts';
import { collect, parseNames, parseReporters, parseSeeds, parseWorkers, parseWorld, type ReporterChoice } from '../options.ts';
import { openReporters } from '../reporters.ts';

const DEFAULT_SEEDS = [1];
/** Runs that wait for each thread, so that none is idle while results are judged. */
const RUNS_PER_WORKER = 2;

interface CompareFlags {
  readonly designs?: readonly string[];
  readonly sweep?: readonly string[];
  readonly seeds: readonly number[];
  readonly world: World['name'];
  readonly workers: number;
  readonly reporter?: readonly ReporterChoice[];
  readonly plot?: string;
  readonly json?: true;
  readonly gate?: true;
}

/** The reporter that writes files of that kind. */
const PLOTS: Readonly<Record<string, string>> = { '.svg': 'svg', '.html': 'html' };

const plotReporter = (file: string): ReporterChoice => {
  const name = PLOTS[extname(file).toLowerCase()];
  if (name === undefined) {
    throw new SquallError('BAD_FLAG', `--plot: ${file} is neither .svg nor .html.`, 'Name a file such as compare.svg.');
  }
  return { name, file };
};

const chooseReporters = (flags: CompareFlags): readonly ReporterChoice[] => [
  ...(flags.json ? [{ name: 'json' }] : []),
  ...(flags.reporter ?? (flags.json ? [] : [{ name: 'terminal' }])),
  ...(flags.plot === undefined ? [] : [plotReporter(flags.plot)]),
];

/** What carries the runs out; the signal ends it, and `close` leaves nothing behind. */
const openRunner = ({ world, workers }: CompareFlags, signal: AbortSignal): Runner & { close(): Promise<void> } => {
  if (world === 'live') return { world, width: 1, run: liveWorld.run, close: async () => undefined };
  const pool = createSimPool({ workers });
  signal.addEventListener('abort', () => void pool.close());
  return { world, width: workers * RUNS_PER_WORKER, run: (plan) => pool.run(plan), close: pool.close };
};

/** A comparison is no gate: what failed is told in the table. With `--gate` the verdicts decide as those of `run` do. */
const exitCodeOf = ({ end, variants }: ComparisonReport, isGate: boolean): number => {
  if (end.type === 'interrupted') return exitCodes.interrupted;
  if (isGate && variants.some(({ verdict }) => verdict.failed > 0)) return exitCodes.failed;
  return variants.some(({ verdict }) => verdict.invalid > 0) ? exitCodes.invalid : exitCodes.passed;
};

const runCompare = async (name: string, flags: CompareFlags, interrupts: Interrupts): Promise<number> => {
  const sweeps = (flags.sweep ?? []).map(parseSweep);
  const choices = chooseReporters(flags);
  const scenario = await loadScenario(name);
  const variants = variantsOf(scenario, flags.designs, sweeps);
  const knobs = sweeps.map(({ knob, values }) => ({ path: knob.path, values: values.map(({ written }) => written) }));
  const reporters = openReporters(comparisonReporters, choices);
  const signal = interrupts.takeOver();
  const runner = openRunner(flags, signal);
  try {
    const report = await runComparison(
      { scenario, variants, knobs, seeds: flags.seeds },
      {
        runner,
        signal,
        onProgress(progress) {
          for (const reporter of reporters.all) reporter.onProgress?.(progress);
        },
      },
    );
    for (const reporter of reporters.all) await reporter.onEnd(report);
    if (report.end.type === 'interrupted') {
      process.stderr.write('squall: interrupted; everything that the comparison had started is stopped.\n');
    }
    return exitCodeOf(report, flags.gate ?? false);
  } finally {
    await runner.close();
    reporters.close();
  }
};

export const compareCommand = (invocation: Invocation): Command =>
  new Command('compare')
    .description('run designs, or values of a setting, on one scenario and set them side by side')
    .argument('<scenario>', 'a name from `squall list`, or a .yaml, .json, .ts or .js file')
    .option(
      '-d, --designs <names>',
      "designs, separated by commas (default: the architectures and the scenario's own; with --sweep, the scenario's default)",
      parseNames,
    )
    .option('--sweep <knob=values>', 'turn a setting: knob=3..20, =100ms..2s/5 or =a,b; twice makes a grid', collect)
    .addOption(
      new Option('-s, --seeds <seeds>', 'runs of each, one a seed: 1..5 or 3,7; medians and ranges are shown')
        .argParser(parseSeeds)
        .default(DEFAULT_SEEDS, '1'),
    )
    .option('-w, --world <name>', 'sim: virtual time, runs side by side; live: one after the other', parseWorld, 'sim' as const)
    .option('--workers <number>', 'sim: threads; they change the speed, not what comes out', parseWorkers, availableParallelism())
    .option('--plot <file>', 'write the plot as .svg, or with the table as .html')
    .option(
      '-r, --reporter <name[=file]>',
      `${Object.keys(comparisonReporters).join(', ')}; repeat, or separate by commas`,
      parseReporters,
    )
    .option('--json', 'the same as --reporter json')
    .option('--gate', 'exit 1 when a run failed; without it only what cannot be judged counts')
    .addHelpText(
      'after',
      '\nExit codes: 0 compared, 1 failed (with --gate), 2 usage or bad input, 3 invalid run, 130 interrupted.',
    )
    .action(async (name: string, flags: CompareFlags) => {
      invocation.exitCode = await runCompare(name, flags, invocation.interrupts);
    });
