import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BenchProblem } from '../problem.ts';
import { freePort, HOST, type Running, stopper, untilUp, which } from './processes.ts';
import type { ToxicMessage } from './squall-proxy.ts';

/** Pinned: figures are of this version. */
export const TOXIPROXY_VERSION = '2.12.0';
const MODULE = `github.com/Shopify/toxiproxy/v2/cmd/server@v${TOXIPROXY_VERSION}`;

/**
 * Toxiproxy's server, built from the Go module proxy into the folder for temporary files when it is not there yet. It is kept between runs.
 * @throws {BenchProblem} that says what to install
 */
const build = async (): Promise<string> => {
  const folder = join(tmpdir(), `squall-bench-toxiproxy-${TOXIPROXY_VERSION}`);
  const server = join(folder, 'bin', process.platform === 'win32' ? 'server.exe' : 'server');
  if (existsSync(server)) return server;
  const go = which('go') ?? (existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : undefined);
  if (!go)
    throw new BenchProblem(
      'bench/wire needs Go 1.23 or newer to build Toxiproxy: install it (Debian, Ubuntu: apt-get install golang).',
    );
  mkdirSync(folder, { recursive: true });
  const env = {
    ...process.env,
    GOPATH: join(folder, 'path'),
    GOBIN: join(folder, 'bin'),
    GOCACHE: join(folder, 'cache'),
    // Else whoever clears the folder for temporary files can't.
    GOFLAGS: '-modcacherw',
  };
  try {
    await promisify(execFile)(go, ['install', MODULE], { env });
  } catch (error) {
    throw new BenchProblem(`bench/wire can't build Toxiproxy ${TOXIPROXY_VERSION}: ${(error as Error).message}`);
  }
  return server;
};

export interface Toxiproxy extends Running {
  /** By its API. */
  set(toxic: ToxicMessage): Promise<void>;
}

/** Quiet: by default it writes lines for each connection. */
export const startToxiproxy = async (upstreamPort: number): Promise<Toxiproxy> => {
  const server = await build();
  const [port, apiPort] = [await freePort(), await freePort()];
  const config = join(tmpdir(), `squall-bench-toxiproxy-${TOXIPROXY_VERSION}`, `${port}.json`);
  writeFileSync(
    config,
    JSON.stringify([{ name: 'bench', listen: `${HOST}:${port}`, upstream: `${HOST}:${upstreamPort}`, enabled: true }]),
  );
  const child = spawn(server, ['-host', HOST, '-port', String(apiPort), '-config', config], {
    stdio: 'ignore',
    env: { ...process.env, LOG_LEVEL: 'fatal' },
  });
  const stop = stopper(child);
  await untilUp('Toxiproxy', port);
  const api = `http://${HOST}:${apiPort}`;
  return {
    port,
    pid: child.pid!,
    stop,
    async set(toxic) {
      await fetch(`${api}/reset`, { method: 'POST' });
      if (!toxic) return;
      const { status } = await fetch(`${api}/proxies/bench/toxics`, { method: 'POST', body: JSON.stringify(toxic) });
      if (status !== 200) throw new BenchProblem(`Toxiproxy refuses the toxic ${JSON.stringify(toxic)}: status ${status}.`);
    },
  };
};
