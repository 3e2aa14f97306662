import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { describe, expect, it } from 'vitest';
import { endProcessTree, MARKER } from '../../../harness/sut/command/process-tree.ts';

const isLinux = platform() === 'linux';

/** Processes with the mark that run: by their environment, as the keeper finds them, but read here once more. */
const left = (id: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return (
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARKER}=${id}`) &&
        !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      );
    } catch {
      return false;
    }
  });

const start = (command: string) => {
  const id = randomUUID();
  const child = spawn(command, {
    shell: true,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, [MARKER]: id },
  });
  const printed = new Promise<void>((resolve) => void child.stdout.once('data', () => resolve()));
  return { id, pid: child.pid!, printed };
};

describe.runIf(isLinux)('the end of a command', () => {
  it.each([
    ['that ends when it is asked', 'echo up; exec sleep 60', 10_000],
    ['with children in its group', 'sleep 60 & sleep 60 & echo up; wait', 10_000],
    ['whose child has made a session of its own', 'setsid sleep 60 & echo up; wait', 10_000],
    ['that does not hear SIGTERM', "trap '' TERM; echo up; while :; do sleep 0.05; done", 100],
    [
      'whose stray child does not hear SIGTERM',
      `setsid sh -c "trap '' TERM; while :; do sleep 0.05; done" & echo up; exit 0`,
      100,
    ],
  ])('%s leaves nothing', async (_, command, graceMs) => {
    const { id, pid, printed } = start(command);
    await printed;
    expect(left(id).length).toBeGreaterThan(0);
    await endProcessTree(pid, id, graceMs);
    expect(left(id)).toEqual([]);
  });
});
