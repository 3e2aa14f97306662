import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { SquallError } from '../../harness/errors.ts';
import { keepRun } from '../../harness/evidence/kept-run.ts';
import { planRun, type RunOptions, runScenario } from '../../harness/run.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import { itemsOf, type Shard } from '../../harness/shard.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { type ContainerPool, createContainerPool } from '../../harness/world/live/containers/open.ts';
import { createLiveWorldFor } from '../../harness/world/live/live-world.ts';
import { createSimWorld } from '../../harness/world/sim/sim-world.ts';
import type { World } from '../../harness/world/world.ts';
import { reporters as reporterTable } from '../../reports/index.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { Interrupts } from '../interrupt.ts';
import type { Invocation } from '../main.ts';
import { collect, parsePort, parseReporters, parseSeed, parseShard, parseWorld, type ReporterChoice } from '../options.ts';
import { outputFile } from '../output-file.ts';
import { openReporters } from '../reporters.ts';
import { type RunSetup, readSetup, type SetupFlags } from '../run-setup.ts';

interface RunFlags extends SetupFlags {
  readonly json?: true;
  readonly trace?: string;
  readonly reuse?: true;
  readonly keep?: true;
  readonly shard?: Shard;
}

const chooseReporters = ({ json }: RunFlags, { reporters }: RunSetup): readonly ReporterChoice[] => [
  ...(json ? [{ name: 'json' }] : []),
  ...(reporters ?? (json ? [] : [{ name: 'terminal' }])),
];

const runOptions = ({ seed, design, port, linkPort, sut }: RunSetup): RunOptions => ({
  seed,
  ...(design === undefined ? {} : { designName: design }),
  ...(port === undefined ? {} : { gatewayPort: port }),
  ...(linkPort === undefined ? {} : { firstLinkPort: linkPort }),
  ...(sut?.title === undefined ? {} : { sut: sut.title }),
});

/** What one world has and the other has not: said before anything is read. */
const chooseWorld = (
  flags: RunFlags,
  { world, sut, port, credentialsFile }: RunSetup,
  scenarios: number,
  containerPool: ContainerPool | undefined,
): World => {
  if (world === 'live') {
    if (flags.trace !== undefined) {
      throw new SquallError('BAD_FLAG', '--trace writes virtual times; the live world has none.', 'Add --world sim.');
    }
    return createLiveWorldFor({
      ...(sut ? { sut } : {}),
      ...(sut && credentialsFile !== undefined ? { credentialsFile } : {}),
      ...(containerPool ? { containerPool } : {}),
    });
  }
  if (port !== undefined) {
    throw new SquallError('BAD_FLAG', '--port names a port of the live world; in sim nothing listens.', 'Leave it out.');
  }
  if (sut && sut.module === undefined) {
    throw new SquallError(
      'BAD_FLAG',
      `The simulated world runs handlers alone, and ${sut.title} is none.`,
      'Leave --world sim out, or name a module such as ./handler.ts.',
    );
  }
  if (flags.trace !== undefined && scenarios > 1) {
    throw new SquallError('BAD_FLAG', '--trace is a file for one run.', 'Run one scenario at a time with it.');
  }
  const { trace } = flags;
  return createSimWorld({
    ...(sut?.module === undefined ? {} : { sut: sut.module }),
    ...(trace === undefined ? {} : { onTrace: outputFile('--trace', trace).write }),
  });
};

/** `2026-11-27T07-10-00-region-outage`: sorts by time, and is a folder's name on every system. */
const runFolder = (outFolder: string, scenario: string): string => {
  const folder = join(outFolder, `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-${scenario}`);
  // In virtual time several runs end within a second.
  for (let count = 2; ; count += 1) {
    const free = count === 2 ? folder : `${folder}-${count - 1}`;
    if (!existsSync(free)) return free;
  }
};

/** Those of the shard, which it tells; all without one. */
const ofShard = (names: readonly string[], shard: Shard | undefined): readonly string[] => {
  if (shard === undefined) return names;
  const own = itemsOf(shard, names);
  const which = own.length === 0 ? 'none' : `${own.length}: ${own.join(', ')}`;
  process.stderr.write(`squall: shard ${shard.index}/${shard.of} of ${names.length} scenarios has ${which}\n`);
  return own;
};

const runAll = async (named: readonly string[], flags: RunFlags, interrupts: Interrupts): Promise<number> => {
  const setup = await readSetup(flags);
  const all = named.length > 0 ? named : setup.scenarios;
  if (all.length === 0) {
    throw new SquallError(
      'BAD_FLAG',
      'No scenario is named.',
      '`squall list` has them; `scenarios` of squall.config.ts names some for good.',
    );
  }
  const names = ofShard(all, flags.shard);
  const options = runOptions(setup);
  const containerPool = flags.reuse ? createContainerPool() : undefined;
  const world = chooseWorld(flags, setup, names.length, containerPool);
  // All of this shard are read and planned before the first runs: a mistake in the last one is known at once.
  const scenarios = await Promise.all(names.map(loadScenario));
  for (const scenario of scenarios) planRun(scenario, options);
  const reporters = openReporters(reporterTable, chooseReporters(flags, setup));
  const signal = interrupts.takeOver();
  const reports: RunReport[] = [];
  try {
    for (const scenario of scenarios) {
      const folder = runFolder(setup.outFolder, scenario.name);
      const startedAt = new Date();
      const report = await runScenario(world, scenario, {
        ...options,
        signal,
        folder,
        onProgress(progress) {
          for (const reporter of reporters.all) reporter.onProgress?.(progress);
        },
      });
      reports.push(report);
      if (flags.keep) keepRun({ folder, report, scenario, startedAt });
      for (const reporter of reporters.all) reporter.onRunEnd?.(report);
      if (signal.aborted) break;
    }
    for (const reporter of reporters.all) reporter.onEnd?.(reports);
  } finally {
    reporters.close();
    await containerPool?.close();
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
    .argument(
      '[scenario...]',
      'names from `squall list`, or .yaml, .json, .ts or .js files; those of squall.config.ts when left out',
    )
    .option(
      '--sut <system>',
      "system under test in place of the reference stack: 'node server.js', ./handler.ts or http://127.0.0.1:4000",
    )
    .option('-d, --design <name>', 'design of the serving stack; see `squall list designs`')
    .option('-s, --seed <number>', 'seed of arrivals, samples and fault draws (default: 1)', parseSeed)
    .option(
      '-w, --world <name>',
      'live: real processes, sockets and time; sim: virtual time, many times faster (default: live)',
      parseWorld,
    )
    .option(
      '-p, --port <number>',
      'port of the system under test on 127.0.0.1; gRPC of the gateway has the next one (default: free ones)',
      parsePort,
    )
    .option('--link-port <number>', 'port of the first link, the next ones follow (default: free ones)', parsePort)
    .option('--credentials <file>', "keep the clouds' credentials there from run to run (default: fresh ones)")
    .option('--allow-host <name>', 'a host beside this machine that load may be sent to; repeat for more', collect)
    .option('-o, --out <folder>', "folder of the runs' folders, made where there is something to keep (default: .squall/runs)")
    .option('--config <file>', 'configuration (default: squall.config.ts here, if there is one)')
    .option('-r, --reporter <name[=file]...>', 'see `squall list reporters`; repeat, or separate by commas', parseReporters)
    .option('--trace <file>', 'sim: write the event log there, Chrome trace-event JSON (ui.perfetto.dev opens it)')
    .option('--reuse', "keep the scenarios' containers from one scenario to the next, with their data; they go at the end")
    .option(
      '--shard <i/n>',
      'run every n-th of the scenarios from the i-th on, to share them between machines; job/n in a Kubernetes Indexed Job',
      (value) => parseShard(value),
    )
    .option('--keep', "keep each run's report, scenario and design in its folder, for `squall evidence`")
    .option('--json', 'the same as --reporter json')
    .action(async (names: readonly string[], flags: RunFlags) => {
      invocation.exitCode = await runAll(names, flags, invocation.interrupts);
    });
