import { Command } from 'commander';
import { findUp } from '../../harness/emulators/control-client.ts';
import { putUpDetached } from '../../harness/emulators/keeper.ts';
import type { Description, UpOptions } from '../../harness/emulators/up.ts';
import { installLight } from '../../harness/world/fetch/install.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../main.ts';
import { parseNames, parsePort } from '../options.ts';
import { exports } from '../shell-exports.ts';
import { writeTable } from '../table.ts';

interface UpFlags {
  readonly cloud?: readonly string[];
  readonly region?: readonly string[];
  readonly port?: number;
  readonly env?: true;
  readonly detach?: true;
  readonly json?: true;
}

const toOptions = ({ cloud = [], region = [], port }: UpFlags): UpOptions => ({
  clouds: cloud,
  regions: region,
  basePort: port ?? null,
});

/** For a POSIX shell: within single quotes nothing has a meaning but the quote itself. */
const print = (flags: UpFlags, description: Description): void => {
  const { environment, endpoints, caCertificate, control } = description;
  if (flags.json) process.stdout.write(`${JSON.stringify(description, null, 2)}\n`);
  else if (flags.env) process.stdout.write(exports(environment));
  else {
    writeTable(endpoints.map(({ id, origin, grpc }) => [id, grpc ? `${origin}, gRPC ${grpc}` : origin]));
    writeTable([
      [],
      ['control', control.url],
      ['CA', caCertificate],
      ['environment', '`squall up --env` prints it for a shell: eval "$(squall up --env)"'],
      ['faults', '`squall fault add region-outage --target aws/us-east-1`; `squall fault list`'],
      ['stop', flags.detach ? '`squall down`' : 'Ctrl-C, or `squall down` elsewhere'],
    ]);
  }
};

/** Keeps them up in this process until a signal, or `squall down`. */
const stayUp = async (flags: UpFlags, { interrupts }: Invocation): Promise<number> => {
  const signal = interrupts.takeOver();
  installLight();
  // Every cloud's code, which no other command has a use for.
  const { putUp } = await import('../../harness/emulators/up.ts');
  const up = await putUp(toOptions(flags), (text) => void process.stderr.write(`squall: ${text}\n`));
  try {
    print(flags, up.description);
    const interrupted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
    });
    await Promise.race([interrupted, up.stopAsked]);
  } finally {
    await up.close();
  }
  return signal.aborted ? exitCodes.interrupted : exitCodes.passed;
};

/** What is up already serves a further shell, unless something else is asked for. */
const running = async ({ env, cloud, region, port }: UpFlags): Promise<Description | undefined> => {
  if (!env || cloud || region || port !== undefined) return undefined;
  return findUp();
};

const run = async (flags: UpFlags, invocation: Invocation): Promise<number> => {
  if (!flags.env && !flags.detach) return stayUp(flags, invocation);
  print(flags, (await running(flags)) ?? (await putUpDetached(toOptions(flags))));
  return exitCodes.passed;
};

export const upCommand = (invocation: Invocation): Command =>
  new Command('up')
    .description('put the emulated clouds up on 127.0.0.1, alone, for your own programs and SDKs')
    .option('-c, --cloud <names>', 'only these, separated by commas; see `squall providers`', parseNames)
    .option(
      '--region <names>',
      'in these regions, e.g. aws/us-east-1,eu-west-1 (default: two of each cloud, three of AWS)',
      parseNames,
    )
    .option('-p, --port <base>', 'port of the control API; endpoints have the next ones (default: free ones)', parsePort)
    .option('--env', 'print variables for a shell and return, the emulators stay up: eval "$(squall up --env)"')
    .option('--detach', 'return when they are up; `squall down` stops them')
    .option('--json', 'print origins, variables and the control API as JSON; with --env, of what is up already')
    .action(async (flags: UpFlags) => {
      invocation.exitCode = await run(flags, invocation);
    });
