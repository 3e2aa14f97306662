import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mintSession } from '../../mocks/aws/credential.ts';
import { BenchProblem } from '../problem.ts';
import { pythonWith } from '../python/venv.ts';
import type { Serving } from './server.ts';

/** Pinned: figures are of this version. */
const MOTO = { bench: 'bench/emulators', module: 'moto.server', requirement: 'moto[server]==5.2.5' } as const;
const READY_WITHIN_MS = 60_000;

/** A server in a process of its own. */
export interface Server extends Serving {
  stop(): Promise<void>;
}

export interface Contender {
  readonly name: string;
  /** The server ends the connection after each answer, as Werkzeug's does, so that its load needs one a request. */
  readonly hasShortConnections?: true;
  start(): Promise<Server>;
}

/** Keeps a process on these cores. Linux only: elsewhere a Node server has one thread anyway, and moto one lock. */
const pin = (pid: number | undefined, cores: string): void => {
  if (process.platform === 'linux') spawnSync('taskset', ['-a', '-p', '-c', cores, String(pid)]);
};

/** Core 0 is the servers'; the load comes from the others. */
export const leaveCoreToServers = (): void => {
  const cores = availableParallelism();
  if (cores > 1) pin(process.pid, cores === 2 ? '1' : `1-${cores - 1}`);
};

const stopper = (child: ChildProcess) => async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

const node = (kind: string) => async (): Promise<Server> => {
  const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [kind]);
  const [serving] = (await once(child, 'message')) as [Serving];
  pin(child.pid, '0');
  return { ...serving, stop: stopper(child) };
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

const untilAnswers = async (origin: string): Promise<void> => {
  const lateAtMs = performance.now() + READY_WITHIN_MS;
  while (performance.now() < lateAtMs) {
    const answered = await fetch(`${origin}/moto-api/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new BenchProblem(`moto's server did not answer within ${READY_WITHIN_MS / 1000} s.`);
};

const moto = async (): Promise<Server> => {
  const python = await pythonWith(MOTO);
  const port = await freePort();
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(origin);
  pin(child.pid, '0');
  return { origin, credential: mintSession(), stop: stopper(child) };
};

/** The peers first named are what the emulator is held to. */
export const contenders: readonly Contender[] = [
  { name: 'moto server 5.2.5', hasShortConnections: true, start: moto },
  { name: 'bare Node http echo', start: node('echo') },
  { name: 'squall, the emulator', start: node('emulate') },
  { name: 'squall, behind its wire', start: node('behindWire') },
];
