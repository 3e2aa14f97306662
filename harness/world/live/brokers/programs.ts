import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerName } from '../../../topology/broker-placement.ts';

/** How a broker of somebody else's is run: on loopback alone, with all that it writes in one folder. */
export interface BrokerProgram {
  /** The program, or undefined where it is not installed. */
  find(): string | undefined;
  /** What is not there when it is not found. */
  readonly missing: string;
  /** May write a file of settings into the folder. */
  arguments(port: number, folder: string): readonly string[];
  environment(port: number, folder: string): Readonly<Record<string, string>>;
  /** Of the origin that it is reached at. */
  readonly protocol: string;
  isReady(port: number): Promise<boolean>;
}

const HOST = '127.0.0.1';
const PROBE_LIMIT_MS = 1000;

/** Where scripts/install-brokers.sh has put them. */
export const brokersFolder = (): string => process.env.SQUALL_BROKERS ?? join(tmpdir(), 'squall-brokers');

/** The first line that a server says by itself; rejects when it does not listen, or says nothing. */
const greetingOf = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host: HOST, port });
    let said = '';
    socket.setTimeout(PROBE_LIMIT_MS, () => socket.destroy(new Error('no greeting')));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      if (!said.includes('\n')) return;
      socket.destroy();
      resolve(said);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('no greeting')));
  });

/** docs.nats.io, reference 2.14, config, jetstream, `sync_interval` (read November 2026): `always` syncs each write, else once in two minutes. */
const natsSettings = (port: number, folder: string): string =>
  `host: "${HOST}"\nport: ${port}\njetstream { store_dir: ${JSON.stringify(folder)}, sync_interval: always }\n`;

const nats: BrokerProgram = {
  find() {
    const own = join(brokersFolder(), 'bin', 'nats-server');
    if (existsSync(own)) return own;
    return spawnSync('nats-server', ['--version']).status === 0 ? 'nats-server' : undefined;
  },
  missing: 'nats-server',
  arguments(port, folder) {
    const file = join(folder, 'nats.conf');
    writeFileSync(file, natsSettings(port, folder));
    return ['-c', file];
  },
  environment: () => ({}),
  protocol: 'nats',
  // The server's first word has what it can do (docs.nats.io, client protocol, INFO; read November 2026).
  isReady: async (port) => (await greetingOf(port)).includes('"jetstream":true'),
};

const sqs: BrokerProgram = {
  find() {
    const folder = join(brokersFolder(), 'localstack');
    // Written last: an installation that was cut short is none.
    return existsSync(join(folder, 'installed')) ? join(folder, 'bin', 'python') : undefined;
  },
  missing: 'LocalStack',
  arguments: () => ['-m', 'localstack.runtime.main'],
  environment: (port, folder) => ({
    SERVICES: 'sqs',
    GATEWAY_LISTEN: `${HOST}:${port}`,
    FILESYSTEM_ROOT: folder,
    TMPDIR: folder,
    // It asks for nothing outside.
    DISABLE_EVENTS: '1',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DNS_ADDRESS: '0',
  }),
  protocol: 'http',
  isReady: async (port) =>
    (await fetch(`http://${HOST}:${port}/_localstack/health`, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) })).ok,
};

export const brokerPrograms: Readonly<Record<BrokerName, BrokerProgram>> = { nats, sqs };
