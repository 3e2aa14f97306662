import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchProblem } from '../problem.ts';

export const HOST = '127.0.0.1';
const READY_WITHIN_MS = 10_000;

/** A server in a process of its own. */
export interface Running {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Where a program is; undefined when it is not installed. */
export const which = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, HOST);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

const isUp = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, HOST, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Resolves when somebody listens. */
export const untilUp = async (name: string, port: number): Promise<void> => {
  const lateAtMs = performance.now() + READY_WITHIN_MS;
  while (performance.now() < lateAtMs) {
    if (await isUp(port)) return;
    await sleep(50);
  }
  throw new BenchProblem(`bench/wire: ${name} does not listen on port ${port} within ${READY_WITHIN_MS / 1000} s.`);
};

/** Children that are to go with this process, however it ends. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** @returns what ends the child */
export const stopper = (child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL') => {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
};

/** Memory of a process, MiB. */
export const residentMiB = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
