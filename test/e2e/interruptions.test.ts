import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Running, startSquall } from '../support/squall.ts';

const SHORT = join(import.meta.dirname, 'fixtures', 'short-outage.yaml');
const LONG = join(import.meta.dirname, 'fixtures', 'long-outage.yaml');
const EMULATORS = 2;

const pidOf = (running: Running, entry: string): number | undefined =>
  running.descendants().find((descendant) => descendant.commandLine.includes(entry))?.pid;

/** Waits until every child of the run lives. */
const untilUp = (running: Running) =>
  running.until(() => running.descendants().length >= EMULATORS + 1 && pidOf(running, 'gateway-main') !== undefined);

const freePort = async (): Promise<number> => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as AddressInfo;
  await new Promise((resolve) => holder.close(resolve));
  return port;
};

/** Waits until the gateway answers on its port. */
const untilReady = async (running: Running, port: number) => {
  let isReady = false;
  const ask = async () => {
    while (!isReady && running.process.exitCode === null) {
      isReady = await fetch(`http://127.0.0.1:${port}/v2/health/ready`).then(
        // Whoever asks without a token is told so as soon as it is up.
        ({ status }) => status === 200 || status === 401,
        () => false,
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await Promise.race([ask(), running.ended]);
  expect(isReady).toBe(true);
};

describe('a run that is cut short', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s: exit code 130 and nothing left', async (signal) => {
    const running = startSquall(['run', SHORT]);
    await untilUp(running);
    running.process.kill(signal);
    const { code, stderr, tempFiles } = await running.ended;
    expect(stderr).toContain('interrupted');
    expect(code).toBe(130);
    expect(running.descendants()).toEqual([]);
    expect(tempFiles).toEqual([]);
  });

  it('by SIGINT before anything is up: exit code 130 and nothing left', async () => {
    const running = startSquall(['run', SHORT]);
    await running.until(() => running.descendants().length > 0);
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(running.descendants()).toEqual([]);
  });

  it('by SIGINT while a scenario module computes for ever: exit code 130', async () => {
    const running = startSquall(['run', join(import.meta.dirname, 'fixtures', 'endless.ts')]);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
  });

  it('by an impatient double SIGINT: the second one does not stop the cleaning up', async () => {
    const running = startSquall(['run', SHORT]);
    await untilUp(running);
    running.process.kill('SIGINT');
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(running.descendants()).toEqual([]);
  });

  it('by SIGKILL of squall itself: its children end by themselves', async () => {
    const running = startSquall(['run', SHORT]);
    await untilUp(running);
    running.process.kill('SIGKILL');
    await running.ended;
    await expect.poll(() => running.descendants(), { timeout: 5000 }).toEqual([]);
  });
});

/** How many of the run's processes are stopped by a signal. */
const stoppedIn = (running: Running): number =>
  running.descendants().filter(({ pid }) => {
    try {
      return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  }).length;

describe('a run that is cut short while nodes stand still', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)('by %s: nothing is left', { timeout: 60_000 }, async (signal) => {
    const running = startSquall(['run', join(import.meta.dirname, 'fixtures', 'paused-worker.yaml')]);
    await running.until(() => stoppedIn(running) === 2);
    running.process.kill(signal);
    await running.ended;
    await expect.poll(() => running.descendants(), { timeout: 10_000 }).toEqual([]);
  });
});

describe('a part that dies', () => {
  it('an emulator by SIGKILL: the run is invalid and says which', async () => {
    const running = startSquall(['run', SHORT]);
    await untilUp(running);
    process.kill(pidOf(running, 'emulator-main')!, 'SIGKILL');
    const { code, stdout, stderr } = await running.ended;
    expect(`${stdout}${stderr}`).toMatch(/emulator.*(aws|google).*SIGKILL|(aws|google).*emulator.*SIGKILL/is);
    expect(code).toBe(3);
    expect(running.descendants()).toEqual([]);
  });

  it('the gateway in the middle of a fault: the design has failed, and the report says why', async () => {
    const port = await freePort();
    const running = startSquall(['run', LONG, '--port', String(port)]);
    await untilReady(running, port);
    // The load starts a second later and the fault 1.2 s after that; it lasts for 28 s.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    process.kill(pidOf(running, 'gateway-main')!, 'SIGKILL');
    const { code, stdout } = await running.ended;
    expect(stdout).toMatch(/gateway.*SIGKILL/i);
    expect(stdout).toContain('FAILED');
    expect(code).toBe(1);
    expect(running.descendants()).toEqual([]);
  });
});

describe('a port in use', () => {
  it('is bad input that names the port', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    try {
      const running = startSquall(['run', SHORT, '--port', String(port)]);
      const { code, stderr, stdout } = await running.ended;
      expect(stderr).toContain(`Port ${port}`);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stdout).toBe('');
      expect(code).toBe(2);
      expect(running.descendants()).toEqual([]);
    } finally {
      holder.close();
    }
  });

  it('a free one is taken as asked', async () => {
    const port = await freePort();
    const running = startSquall(['run', SHORT, '--port', String(port)]);
    await untilReady(running, port);
    expect((await running.ended).code).toBe(0);
  });
});
