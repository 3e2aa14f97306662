import { Command, CommanderError } from 'commander';
import { squallVersion } from '../harness/version.ts';
import { auditCommand } from './commands/audit.ts';
import { compareCommand } from './commands/compare.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downCommand } from './commands/down.ts';
import { envCommand } from './commands/env.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { exploreCommand } from './commands/explore.ts';
import { faultCommand } from './commands/fault.ts';
import { importCommand } from './commands/import.ts';
import { listCommand } from './commands/list.ts';
import { pricesCommand } from './commands/prices.ts';
import { privacyCommand } from './commands/privacy.ts';
import { providersCommand } from './commands/providers.ts';
import { proxyCommand } from './commands/proxy.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { upCommand } from './commands/up.ts';
import { endProcess } from './end-process.ts';
import { exitCodes } from './exit-codes.ts';
import type { Interrupts } from './interrupt.ts';
import { printError } from './print-error.ts';

/** What a command is given, and where it sets its exit code, since commander's actions return nothing. */
export interface Invocation {
  readonly interrupts: Interrupts;
  exitCode: number;
}

const createProgram = (invocation: Invocation): Command =>
  new Command('squall')
    .description('Breaks a multi-cloud machine-learning serving system on one machine, before a cloud does it in production.')
    .version(squallVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'squall: ')) })
    .addHelpText('after', '\nExit codes: 0 passed, 1 failed, 2 usage or bad input, 3 invalid run, 130 interrupted.')
    .addCommand(runCommand(invocation))
    .addCommand(compareCommand(invocation))
    .addCommand(exploreCommand(invocation))
    .addCommand(replayCommand(invocation))
    .addCommand(evidenceCommand(invocation))
    .addCommand(auditCommand(invocation))
    .addCommand(envCommand())
    .addCommand(serveCommand(invocation))
    .addCommand(importCommand(invocation))
    .addCommand(upCommand(invocation))
    .addCommand(downCommand())
    .addCommand(faultCommand())
    .addCommand(proxyCommand(invocation))
    .addCommand(listCommand())
    .addCommand(providersCommand())
    .addCommand(pricesCommand())
    .addCommand(privacyCommand())
    .addCommand(doctorCommand(invocation));

/** Commander copies settings to commands that it makes itself only. */
const passSettingsOn = (command: Command): void => {
  for (const sub of command.commands) {
    sub.copyInheritedSettings(command);
    passSettingsOn(sub);
  }
};

/** Output that can't be written: a reader that has gone (`squall list | head -1`) is no error, a full disk is. */
const guardOutput = () => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`squall: standard output can't be written: ${error.message}\n`);
    process.exit(exitCodes.invalid);
  });
  process.stderr.on('error', () => undefined);
};

/** The command, from arguments to exit code. */
export const main = async (args: readonly string[], interrupts: Interrupts): Promise<number> => {
  const invocation: Invocation = { interrupts, exitCode: exitCodes.passed };
  guardOutput();
  process.on('uncaughtException', (error) => endProcess(printError(error, process.stderr)));
  try {
    const program = createProgram(invocation);
    passSettingsOn(program);
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return exitCodes.badInput;
    }
    await program.parseAsync(args, { from: 'user' });
    return invocation.exitCode;
  } catch (error) {
    // Commander has printed its message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.badInput;
    return printError(error, process.stderr);
  }
};
