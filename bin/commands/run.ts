import { Command } from 'commander';
import { planRun, type RunOptions, runScenario } from '../../harness/run.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { liveWorld } from '../../harness/world/live/live-world.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { Interrupts } from '../interrupt.ts';
import type { Invocation } from '../main.ts';
import { parsePort, parseReporters, parseSeed, type ReporterChoice } from '../options.ts';
import { openReporters } from '../reporters.ts';

/** Fixed, so that the same command gives the same fault schedule and arrivals. */
const DEFAULT_SEED = 1;

interface RunFlags {
  readonly design?: string;
  readonly seed: number;
  readonly port?: number;
  readonly reporter?: readonly ReporterChoice[];
  readonly json?: true;
}

const chooseReporters = (flags: RunFlags): readonly ReporterChoice[] => [
  ...(flags.json ? [{ name: 'json' }] : []),
  ...(flags.reporter ?? (flags.json ? [] : [{ name: 'terminal' }])),
];

const runOptions = (flags: RunFlags): RunOptions => ({
  seed: flags.seed,
  ...(flags.design === undefined ? {} : { designName: flags.design }),
  ...(flags.port === undefined ? {} : { gatewayPort: flags.port }),
});

const runAll = async (names: readonly string[], flags: RunFlags, interrupts: Interrupts): Promise<number> => {
  const options = runOptions(flags);
  // All scenarios are read and planned before the first runs: a mistake in the last one is known at once.
  const scenarios = await Promise.all(names.map(loadScenario));
  for (const scenario of scenarios) planRun(scenario, options);
  const reporters = openReporters(chooseReporters(flags));
  const signal = interrupts.takeOver();
  const reports: RunReport[] = [];
  try {
    for (const scenario of scenarios) {
      const report = await runScenario(liveWorld, scenario, {
        ...options,
        signal,
        onProgress(progress) {
          for (const reporter of reporters.all) reporter.onProgress?.(progress);
        },
      });
      reports.push(report);
      for (const reporter of reporters.all) reporter.onRunEnd?.(report);
      if (signal.aborted) break;
    }
    for (const reporter of reporters.all) reporter.onEnd?.(reports);
  } finally {
    reporters.close();
  }
  if (signal.aborted) {
    process.stderr.write('squall: interrupted; everything that the run had started is stopped.\n');
    return exitCodes.interrupted;
  }
  return exitCodeOf(reports);
};

export const runCommand = (invocation: Invocation): Command =>
  new Command('run')
    .description('run scenarios and judge them')
    .argument('<scenario...>', 'names from `squall list`, or .yaml, .json, .ts or .js files')
    .option('-d, --design <name>', 'design of the serving stack; see `squall list designs`')
    .option('-s, --seed <number>', 'seed of arrivals, samples and fault draws', parseSeed, DEFAULT_SEED)
    .option('-p, --port <number>', 'port of the gateway on 127.0.0.1 (default: a free one)', parsePort)
    .option('-r, --reporter <name[=file]...>', 'see `squall list reporters`; repeat, or separate by commas', parseReporters)
    .option('--json', 'the same as --reporter json')
    .action(async (names: readonly string[], flags: RunFlags) => {
      invocation.exitCode = await runAll(names, flags, invocation.interrupts);
    });
