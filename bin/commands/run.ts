import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { SquallError } from '../../harness/errors.ts';
import { planRun, type RunOptions, runScenario } from '../../harness/run.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { liveWorld } from '../../harness/world/live/live-world.ts';
import { createSimWorld } from '../../harness/world/sim/sim-world.ts';
import type { World } from '../../harness/world/world.ts';
import { reporters as reporterTable } from '../../reports/index.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { Interrupts } from '../interrupt.ts';
import type { Invocation } from '../main.ts';
import { parsePort, parseReporters, parseSeed, parseWorld, type ReporterChoice } from '../options.ts';
import { outputFile } from '../output-file.ts';
import { openReporters } from '../reporters.ts';

/** Fixed, so that the same command gives the same fault schedule and arrivals. */
const DEFAULT_SEED = 1;

interface RunFlags {
  readonly design?: string;
  readonly seed: number;
  readonly port?: number;
  readonly reporter?: readonly ReporterChoice[];
  readonly json?: true;
  readonly world: World['name'];
  readonly trace?: string;
  readonly sut?: string;
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

/** What one world has and the other has not: said before anything is read. */
const chooseWorld = (flags: RunFlags, scenarios: number): World => {
  if (flags.world === 'live') {
    if (flags.trace !== undefined) throw onlyInSim('--trace writes virtual times');
    if (flags.sut !== undefined) throw onlyInSim('--sut runs a handler in virtual time');
    return liveWorld;
  }
  if (flags.port !== undefined) {
    throw new SquallError('BAD_FLAG', '--port names a port of the live world; in sim nothing listens.', 'Leave it out.');
  }
  if (flags.trace !== undefined && scenarios > 1) {
    throw new SquallError('BAD_FLAG', '--trace is a file for one run.', 'Run one scenario at a time with it.');
  }
  const { trace, sut } = flags;
  return createSimWorld({
    ...(sut === undefined ? {} : { sut: handlerUrl(sut) }),
    ...(trace === undefined ? {} : { onTrace: outputFile('--trace', trace).write }),
  });
};

const onlyInSim = (what: string) => new SquallError('BAD_FLAG', `${what}; the live world has none.`, 'Add --world sim.');

const handlerUrl = (path: string): string => {
  if (!existsSync(path)) throw new SquallError('NOT_FOUND', `There is no module ${path}.`, 'Name a .js or .ts file.');
  return pathToFileURL(resolve(path)).href;
};

const runAll = async (names: readonly string[], flags: RunFlags, interrupts: Interrupts): Promise<number> => {
  const options = runOptions(flags);
  const world = chooseWorld(flags, names.length);
  // All scenarios are read and planned before the first runs: a mistake in the last one is known at once.
  const scenarios = await Promise.all(names.map(loadScenario));
  for (const scenario of scenarios) planRun(scenario, options);
  const reporters = openReporters(reporterTable, chooseReporters(flags));
  const signal = interrupts.takeOver();
  const reports: RunReport[] = [];
  try {
    for (const scenario of scenarios) {
      const report = await runScenario(world, scenario, {
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
    .option(
      '-w, --world <name>',
      'live: real processes, sockets and time; sim: virtual time, many times faster',
      parseWorld,
      'live' as const,
    )
    .option('-p, --port <number>', 'port of the gateway on 127.0.0.1; gRPC has the next one (default: free ones)', parsePort)
    .option('-r, --reporter <name[=file]...>', 'see `squall list reporters`; repeat, or separate by commas', parseReporters)
    .option('--trace <file>', 'sim: write the event log there, Chrome trace-event JSON (ui.perfetto.dev opens it)')
    .option('--sut <module>', 'sim: run the handler (request) => Response of that module instead of the reference stack')
    .option('--json', 'the same as --reporter json')
    .action(async (names: readonly string[], flags: RunFlags) => {
      invocation.exitCode = await runAll(names, flags, invocation.interrupts);
    });
