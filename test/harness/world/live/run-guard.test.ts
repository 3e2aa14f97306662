import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRunGuard, type RunGuard } from '../../../../harness/world/live/run-guard.ts';

const isStopped = (pid: number): boolean => / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/\(.*\)/, ''));

const sleeper = () => spawn('sleep', ['60'], { stdio: 'ignore' });

let guard: RunGuard | undefined;
afterEach(() => guard?.stop());

describe.skipIf(process.platform !== 'linux')('a process that is paused', () => {
  it('stands still until it is resumed, and may have been killed by then', async () => {
    guard = createRunGuard();
    const child = sleeper();
    await guard.pause(child.pid!);
    await expect.poll(() => isStopped(child.pid!)).toBe(true);
    guard.resume(child.pid!);
    await expect.poll(() => isStopped(child.pid!)).toBe(false);
    await guard.pause(child.pid!);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    guard.resume(child.pid!);
  });
});

describe.skipIf(process.platform !== 'linux')('what a run would leave', () => {
  it('is seen to when squall has been killed', async () => {
    const squall = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'guarded.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const told = await new Promise<string>((resolve) => squall.stdout.setEncoding('utf8').once('data', resolve));
    const { pid, folder } = JSON.parse(told) as { readonly pid: number; readonly folder: string };
    await expect.poll(() => isStopped(pid)).toBe(true);
    expect(existsSync(folder)).toBe(true);
    squall.kill('SIGKILL');
    await expect.poll(() => isStopped(pid), { timeout: 5_000 }).toBe(false);
    await expect.poll(() => existsSync(folder), { timeout: 5_000 }).toBe(false);
    process.kill(pid, 'SIGKILL');
  });

  it('is gone after a run that ended in order, and a run that has nothing starts no guard', async () => {
    guard = createRunGuard();
    await guard.stop();
    guard = createRunGuard();
    const folder = await guard.folder('squall-test-');
    writeFileSync(join(folder, 'secret'), 'x');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await guard.stop();
    expect(existsSync(folder)).toBe(false);
  });
});
