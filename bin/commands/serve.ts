import { Command, Option } from 'commander';
import { chooseDesign } from '../../harness/serve/choose-design.ts';
import { readIdentity } from '../../harness/serve/read-identity.ts';
import { readLinks } from '../../harness/serve/read-links.ts';
import { serve } from '../../harness/serve/serve.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../main.ts';
import { parsePort } from '../options.ts';

interface ServeFlags {
  readonly design: string;
  readonly host: string;
  readonly port: number;
  readonly grpcPort?: number;
}

const DEFAULT_PORT = 8080;
const IDENTITY_OFF =
  'identity is off: whoever reaches this gateway is served. OIDC_ISSUER and its like switch it on (docs/zero-trust.md).';
const LAST_PORT = 65_535;

export const serveCommand = (invocation: Invocation): Command =>
  new Command('serve')
    .description('run the reference gateway alone, as a system under test or in a cluster; links are told by SQUALL_LINKS')
    .addOption(
      new Option('-d, --design <name|file>', 'a name from `squall list designs`, or a .yaml or .json file of changes')
        .env('SQUALL_DESIGN')
        .default('reference'),
    )
    .addOption(new Option('--host <address>', 'address to listen on').env('HOST').default('127.0.0.1'))
    .addOption(new Option('-p, --port <number>', 'port of HTTP').env('PORT').argParser(parsePort).default(DEFAULT_PORT))
    .addOption(
      new Option('--grpc-port <number>', 'port of gRPC (default: the one after that of HTTP)')
        .env('GRPC_PORT')
        .argParser(parsePort),
    )
    .addHelpText(
      'after',
      '\nLiveness is GET /v2/health/live. SIGTERM: requests under way are answered, for eight seconds at most; then exit code 0.',
    )
    .action(async ({ design, host, port, grpcPort = port === LAST_PORT ? 0 : port + 1 }: ServeFlags) => {
      const config = { ...readLinks(process.env), ...readIdentity(process.env, chooseDesign(design)) };
      if (config.design.identity === false) process.stdout.write(`${IDENTITY_OFF}\n`);
      await serve({
        config,
        host,
        ports: { http: port, grpc: grpcPort },
        onEvent: (text) => void process.stdout.write(`${text}\n`),
        signal: invocation.interrupts.takeOver(),
      });
      invocation.exitCode = exitCodes.passed;
    });
