import { Command, CommanderError } from 'commander';
import { doctorCommand } from './commands/doctor.ts';
import { exploreCommand } from './commands/explore.ts';
import { listCommand } from './commands/list.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { exitCodes } from './exit-codes.ts';
import { printError } from './print-error.ts';
import { squallVersion } from './version.ts';

/** Each command sets its exit code here, since commander's actions return nothing. */
export interface Outcome {
  exitCode: number;
}

const createProgram = (outcome: Outcome): Command =>
  new Command('squall')
    .description('Breaks a multi-cloud machine-learning serving system on one machine, before a cloud does it in production.')
    .version(squallVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'squall: ')) })
    .addHelpText('after', '\nExit codes: 0 passed, 1 failed, 2 usage or bad input, 3 invalid run, 130 interrupted.')
    .addCommand(runCommand(outcome))
    .addCommand(exploreCommand(outcome))
    .addCommand(replayCommand(outcome))
    .addCommand(listCommand(outcome))
    .addCommand(doctorCommand(outcome));

/** The command, from arguments to exit code. */
export const main = async (args: readonly string[]): Promise<number> => {
  const outcome: Outcome = { exitCode: exitCodes.passed };
  // A reader that has gone (`squall list | head -1`) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    const program = createProgram(outcome);
    for (const command of program.commands) command.copyInheritedSettings(program);
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return exitCodes.badInput;
    }
    await program.parseAsync(args, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    // Commander has printed its message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.badInput;
    return printError(error, process.stderr);
  }
};
