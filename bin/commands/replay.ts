import { Command, Option } from 'commander';
import { type RunReplay, replay } from '../../harness/explore/replay.ts';
import { readReplay } from '../../harness/explore/replay-file.ts';
import { liveWorld } from '../../harness/world/live/live-world.ts';
import { createSimPool } from '../../harness/world/sim/pool.ts';
import { exitCodes } from '../exit-codes.ts';
import { describeReplay } from '../explore-text.ts';
import type { Interrupts } from '../interrupt.ts';
import type { Invocation } from '../main.ts';

type WorldName = 'sim' | 'live';

/** How each world runs a plan for a replay. */
const runners: Readonly<Record<WorldName, (signal: AbortSignal) => { run: RunReplay; close(): Promise<void> }>> = {
  sim() {
    const pool = createSimPool({ workers: 1 });
    return { run: (plan) => pool.run(plan), close: () => pool.close() };
  },
  live: (signal) => ({ run: (plan) => liveWorld.run(plan, { signal }), close: async () => undefined }),
};

const runReplay = async (file: string, world: WorldName, interrupts: Interrupts): Promise<number> => {
  const recorded = readReplay(file);
  const signal = interrupts.takeOver();
  const { run, close } = runners[world](signal);
  try {
    const result = await replay(recorded, run);
    process.stdout.write(describeReplay(recorded.scenario.name, recorded.file.expected[0]!.rule, world, result));
    if (signal.aborted) return exitCodes.interrupted;
    if (!result.isJudged && result.violations.length === 0) return exitCodes.invalid;
    return result.violations.length > 0 ? exitCodes.failed : exitCodes.passed;
  } finally {
    await close();
  }
};

export const replayCommand = (invocation: Invocation): Command =>
  new Command('replay')
    .description('run again what `squall explore` has found')
    .argument('<file>', 'a replay file')
    .addOption(new Option('--world <name>', 'where to run it').choices(Object.keys(runners)).default('sim'))
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing is broken any more, 1 something is, 2 usage or bad input, 3 live cannot judge the recorded rule, 130 interrupted.',
    )
    .action(async (file: string, flags: { readonly world: WorldName }) => {
      invocation.exitCode = await runReplay(file, flags.world, invocation.interrupts);
    });
