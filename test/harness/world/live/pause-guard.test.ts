import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type PauseGuard, startPauseGuard } from '../../../../harness/world/live/pause-guard.ts';

const isStopped = (pid: number): boolean => / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/\(.*\)/, ''));

const sleeper = () => spawn('sleep', ['60'], { stdio: 'ignore' });

let guard: PauseGuard | undefined;
afterEach(() => guard?.stop());

describe.skipIf(process.platform !== 'linux')('a process that is paused', () => {
  it('stands still until it is resumed, and may have been killed by then', async () => {
    guard = startPauseGuard();
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

  it('goes on when squall has gone', async () => {
    guard = startPauseGuard();
    const child = sleeper();
    await guard.pause(child.pid!);
    await expect.poll(() => isStopped(child.pid!)).toBe(true);
    // Its channel closes, as it does with squall's end.
    await guard.stop();
    await expect.poll(() => isStopped(child.pid!)).toBe(false);
    child.kill('SIGKILL');
  });
});
