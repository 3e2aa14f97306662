import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** Where scripts/install-brokers.sh puts brokers that nobody here wrote. */
export const brokersFolder = process.env.SQUALL_BROKERS ?? join(tmpdir(), 'squall-brokers');

/** A broker of somebody else's, running. */
export interface RunningBroker {
  readonly port: number;
  /** SIGKILL, and up again on the same port with what it had on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A broker that can be started, or why it cannot. */
export type FoundBroker = { readonly start: () => Promise<RunningBroker> } | { readonly missing: string };

const READY_WITHIN_MS = 90_000;
const POLL_MS = 100;

const untilReady = async (isReady: () => Promise<boolean>): Promise<void> => {
  for (const endsAtMs = Date.now() + READY_WITHIN_MS; Date.now() < endsAtMs; ) {
    if (await isReady().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error('the broker did not come up');
};

interface Program {
  readonly command: string;
  arguments(port: number, folder: string): readonly string[];
  environment(port: number, folder: string): Readonly<Record<string, string>>;
  isReady(port: number): Promise<boolean>;
}

const startProgram = async (program: Program): Promise<RunningBroker> => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'squall-broker-'));
  const launch = () => {
    const child = spawn(program.command, program.arguments(port, folder), {
      stdio: 'ignore',
      env: { ...process.env, ...program.environment(port, folder) },
    });
    return { child, exited: new Promise<void>((resolve) => child.once('exit', () => resolve())) };
  };
  let running = launch();
  const kill = async () => {
    running.child.kill('SIGKILL');
    await running.exited;
  };
  try {
    await untilReady(() => program.isReady(port));
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    port,
    async restart() {
      await kill();
      running = launch();
      await untilReady(() => program.isReady(port));
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const answers = async (url: string): Promise<boolean> => (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok;

const natsCommand = (): string | undefined => {
  const own = join(brokersFolder, 'bin', 'nats-server');
  if (existsSync(own)) return own;
  return spawnSync('nats-server', ['--version']).status === 0 ? 'nats-server' : undefined;
};

/** nats-server with JetStream on disk. */
export const findNats = (): FoundBroker => {
  const command = natsCommand();
  if (!command) return { missing: 'no nats-server: scripts/install-brokers.sh installs it' };
  return {
    start: () =>
      startProgram({
        command,
        // Its monitoring port tells when it is up: the one after its own.
        arguments: (port, folder) => ['-a', '127.0.0.1', '-p', String(port), '-m', String(port + 1), '-js', '-sd', folder],
        environment: () => ({}),
        isReady: (port) => answers(`http://127.0.0.1:${port + 1}/healthz`),
      }),
  };
};

/** LocalStack with SQS and nothing else, in the newest release that needs no token. */
export const findLocalStack = (): FoundBroker => {
  const command = join(brokersFolder, 'localstack', 'bin', 'python');
  if (!existsSync(join(brokersFolder, 'localstack', 'installed')))
    return { missing: 'no LocalStack: scripts/install-brokers.sh installs it' };
  return {
    start: () =>
      startProgram({
        command,
        arguments: () => ['-m', 'localstack.runtime.main'],
        environment: (port, folder) => ({
          SERVICES: 'sqs',
          GATEWAY_LISTEN: `127.0.0.1:${port}`,
          FILESYSTEM_ROOT: folder,
          TMPDIR: folder,
          DISABLE_EVENTS: '1',
          SKIP_SSL_CERT_DOWNLOAD: '1',
          DNS_ADDRESS: '0',
        }),
        isReady: (port) => answers(`http://127.0.0.1:${port}/_localstack/health`),
      }),
  };
};
