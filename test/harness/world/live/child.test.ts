import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Child, startChild } from '../../../../harness/world/live/child.ts';
import { untilReady } from '../../../../harness/world/live/until-ready.ts';

interface Order {
  readonly type: string;
  readonly text: string;
}
type Answer = { readonly type: 'ready'; readonly text: string };

const fixture = (name: string) => new URL(`./fixtures/${name}.ts`, import.meta.url);

const start = (name = 'echo-child'): Child<Order, Answer> => {
  const child = startChild<Order, Answer>(fixture(name));
  onTestFinished(() => child.stop());
  return child;
};

const hasProc = existsSync('/proc/self');

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a child process', () => {
  it.skipIf(!hasProc)('is spoken to over IPC: nothing of a message is in its arguments or environment', async () => {
    const child = start();
    const ready = untilReady(child, 'The child', 'EMULATOR_FAILED');
    child.send({ type: 'echo', text: 'a-secret' });
    expect(await ready).toEqual({ type: 'ready', text: 'a-secret' });
    for (const file of ['cmdline', 'environ']) {
      expect(readFileSync(`/proc/${child.pid}/${file}`, 'utf8')).not.toContain('a-secret');
    }
  });

  it('ends when it is stopped', async () => {
    const child = start();
    child.send({ type: 'echo', text: 'hello' });
    await untilReady(child, 'The child', 'EMULATOR_FAILED');
    await child.stop();
    expect(isAlive(child.pid!)).toBe(false);
  });

  it('can be stopped before it is up, and twice', async () => {
    const child = start();
    await Promise.all([child.stop(), child.stop()]);
    await child.stop();
    expect(isAlive(child.pid!)).toBe(false);
  });

  it('is killed when it does not end by itself', async () => {
    const child = start();
    child.send({ type: 'stubborn', text: '' });
    await untilReady(child, 'The child', 'EMULATOR_FAILED');
    await child.stop();
    expect((await child.exited).signal).toBe('SIGKILL');
  });

  it('does not end by Ctrl-C: that is for its parent to decide', async () => {
    const child = start();
    child.send({ type: 'echo', text: 'up' });
    await untilReady(child, 'The child', 'EMULATOR_FAILED');
    process.kill(child.pid!, 'SIGINT');
    process.kill(child.pid!, 'SIGHUP');
    const answered = new Promise((resolve) => child.onMessage(resolve));
    child.send({ type: 'echo', text: 'still here' });
    expect(await answered).toEqual({ type: 'ready', text: 'still here' });
  });

  it('ends when its parent is killed', async () => {
    const parent = spawn(process.execPath, [fixture('parent-main').pathname], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });
});

describe('a child that fails', () => {
  it.each([
    ['throw', 'failed to start: RangeError: no such model'],
    ['crash', 'failed to start: TypeError: no such model'],
  ])('tells why in a line when its code would %s, without a stack', async (type, text) => {
    const child = start();
    const ready = untilReady(child, 'The child', 'GATEWAY_FAILED');
    child.send({ type, text: 'no such model' });
    await expect(ready).rejects.toMatchObject({ code: 'GATEWAY_FAILED', message: `The child ${text}` });
    expect((await child.exited).text).toMatch(/^exited with code 1: (Range|Type)Error: no such model$/);
  });

  it('tells what it printed last when it did not get as far as to say it', async () => {
    const child = start('syntax-error-child');
    const ready = untilReady(child, 'The child', 'EMULATOR_FAILED');
    const error = await ready.catch((reason) => reason);
    expect(error.message).toContain("exited with code 1: Error: ENOENT: no such file or directory, open '/nowhere/at/all'");
    expect(error.message).not.toMatch(/\n| at .*:\d+:\d+/);
  });

  it('tells the signal that ended it', async () => {
    const child = start();
    child.send({ type: 'echo', text: 'up' });
    await untilReady(child, 'The child', 'EMULATOR_FAILED');
    process.kill(child.pid!, 'SIGKILL');
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL', text: 'was ended by SIGKILL' });
  });
});
