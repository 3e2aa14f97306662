import { Command } from 'commander';
import type { ToxiproxyServer } from '../../harness/wire/toxiproxy/serve.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../main.ts';
import { parsePort, parseSeed } from '../options.ts';
import { writeTable } from '../table.ts';

interface ProxyFlags {
  readonly host: string;
  readonly port: number;
  readonly config?: string;
  readonly seed: number;
}

/** Toxiproxy's own. */
const DEFAULT_PORT = 8474;

const print = ({ origin, proxies }: ToxiproxyServer): void =>
  writeTable([
    ['control', origin],
    ...proxies().map(({ name, listen, upstream, enabled }): readonly string[] => [
      name,
      enabled ? `${listen}, before ${upstream}` : `off, before ${upstream}`,
    ]),
    ['metrics', `${origin}/metrics`],
    ['toxics', '`squall list toxics`'],
    ['rules', '`squall list http-faults`'],
    ['stop', 'Ctrl-C'],
  ]);

/** Keeps it up until a signal. */
const run = async ({ host, port, config, seed }: ProxyFlags, { interrupts }: Invocation): Promise<number> => {
  const signal = interrupts.takeOver();
  // The wire, which no other command loads before it has been asked for something.
  const { serveToxiproxy } = await import('../../harness/wire/toxiproxy/serve.ts');
  const server = await serveToxiproxy({
    host,
    port,
    seed,
    ...(config === undefined ? {} : { configFile: config }),
    onError: (text) => void process.stderr.write(`squall: ${text}\n`),
  });
  try {
    print(server);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
    });
  } finally {
    await server.close();
  }
  return exitCodes.interrupted;
};

export const proxyCommand = (invocation: Invocation): Command =>
  new Command('proxy')
    .description("a fault proxy for TCP and HTTP in Toxiproxy's place: its clients and command drive it as they are")
    .option('--host <address>', 'where the control API listens', '127.0.0.1')
    .option('--port <port>', 'port of the control API', parsePort, DEFAULT_PORT)
    .option('--config <file>', "proxies to put up first, a file of toxiproxy-server's -config")
    .option('--seed <number>', "what toxics' draws follow from", parseSeed, 1)
    .action(async (flags: ProxyFlags) => {
      invocation.exitCode = await run(flags, invocation);
    });
