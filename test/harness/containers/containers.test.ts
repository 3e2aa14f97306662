import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Containers, openContainers } from '../../../harness/containers/containers.ts';
import type { ContainerSpec } from '../../../harness/containers/spec.ts';
import { leftBehind, missingForContainers, testImages } from '../../support/containers.ts';

const missing = await missingForContainers('busybox');

const web = (script = ''): ContainerSpec => ({
  image: testImages.busybox,
  command: ['sh', '-c', `echo starting; mkdir -p /www; ${script} echo hello >/www/index.html; exec httpd -f -p 80 -h /www`],
  ports: [80],
  readyWhen: { type: 'http', port: 80, path: '/' },
});
const read = async (port: number, timeoutMs = 5_000) =>
  (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(timeoutMs) })).text();

describe.skipIf(missing)(`containers${missing ? ` (${missing})` : ''}`, { timeout: 60_000 }, () => {
  let containers: Containers;
  beforeAll(async () => {
    containers = await openContainers();
  }, 30_000);
  afterAll(async () => {
    await containers?.close();
    expect(await leftBehind(containers.runId)).toEqual([]);
  }, 60_000);

  it('listen on loopback, keep their port, and print line by line, over a kill', async () => {
    const container = await containers.start({ ...web(), environment: { GREETING: 'x' }, files: { '/www/extra': 'more' } });
    const port = container.hostPort(80);
    expect(await read(port)).toBe('hello\n');
    expect(await (await fetch(`http://127.0.0.1:${port}/extra`)).text()).toBe('more');
    const lines: string[] = [];
    container.onLine((line) => lines.push(line));
    expect(lines).toEqual(['starting']);

    const ended = container.ended();
    await container.kill();
    expect(await ended).toBe(137);
    expect(await container.isRunning()).toBe(false);
    await expect(read(port)).rejects.toThrow();
    await container.start();
    expect(await read(port)).toBe('hello\n');
    await vi.waitFor(() => expect(lines).toEqual(['starting', 'starting']));
    await container.restart();
    expect(container.hostPort(80)).toBe(port);
    await container.remove();
    expect(await container.isRunning()).toBe(false);
  });

  it('answer nothing while they are paused', async () => {
    const container = await containers.start(web());
    await container.pause();
    await expect(read(container.hostPort(80), 300)).rejects.toThrow(/timeout/);
    expect(await container.isRunning()).toBe(true);
    await container.unpause();
    expect(await read(container.hostPort(80))).toBe('hello\n');
    await expect(container.unpause()).rejects.toMatchObject({
      code: 'CONTAINER_FAILED',
      message: expect.stringContaining('not paused'),
    });
  });

  it('have the limits of their spec, and others while they run', async () => {
    const shows = 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max >/www/memory 2>/dev/null;';
    const container = await containers.start({ ...web(`(while true; do ${shows} sleep 0.05; done) &`), cpus: 0.5, memoryMb: 64 });
    const memory = async () => Number((await (await fetch(`http://127.0.0.1:${container.hostPort(80)}/memory`)).text()).trim());
    await vi.waitFor(async () => expect(await memory()).toBe(64 * 1024 ** 2));
    await container.limit({ memoryMb: 32, cpus: 0.25 });
    await vi.waitFor(async () => expect(await memory()).toBe(32 * 1024 ** 2), { timeout: 5_000 });
    await container.restore();
    await vi.waitFor(async () => expect(await memory()).toBe(64 * 1024 ** 2), { timeout: 5_000 });
    await container.limit({});
    await vi.waitFor(async () => expect(await memory()).toBeGreaterThan(1024 ** 3), { timeout: 5_000 });
  });

  it('are shared by the same spec, and come back as they were started', async () => {
    const spec = { ...web(), environment: { SHARED: 'yes' } };
    const [first, second] = await Promise.all([containers.share(spec), containers.share({ ...spec })]);
    expect(second).toBe(first);
    await first.kill();
    expect(await containers.share(spec)).toBe(first);
    expect(await read(first.hostPort(80))).toBe('hello\n');
    await first.pause();
    expect(await containers.share(spec)).toBe(first);
    expect(await read(first.hostPort(80))).toBe('hello\n');
    expect((await containers.share({ ...spec, cpus: 0.5 })).id).not.toBe(first.id);
    await first.remove();
    expect((await containers.share(spec)).id).not.toBe(first.id);
  });

  it('are gone when they are closed while they are being created', async () => {
    // Creating takes some tens of milliseconds: with so many at once, each close falls into some of them.
    for (const afterMs of [0, 20, 60, 120, 250]) {
      const closing = await openContainers();
      const starts = Array.from({ length: 4 }, () => closing.start(web()).catch(() => undefined));
      const network = closing.network().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await closing.close();
      expect(await leftBehind(closing.runId)).toEqual([]);
      await Promise.all([...starts, network]);
      expect(await leftBehind(closing.runId)).toEqual([]);
      await expect(closing.start(web())).rejects.toMatchObject({ code: 'CONTAINER_FAILED' });
    }
  });

  it('reach each other by name on a network of the run, and this machine by its gateway', async () => {
    const network = await containers.network();
    await containers.start({ ...web(), network: network.name, aliases: ['origin'] });
    const asked = await containers.start({
      image: testImages.busybox,
      command: ['sh', '-c', 'wget -q -O - http://origin/; sleep 600'],
      network: network.name,
      readyWhen: { type: 'log', pattern: /hello/ },
    });
    // What is heard for readiness and what is kept are two answers of the engine.
    await vi.waitFor(() => expect(asked.lastLines(1)).toEqual(['hello']));
    expect(network.gateway).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });

  it('say what is wrong with their image', async () => {
    await expect(containers.start({ image: 'squall/nothing:0' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'The image squall/nothing:0 is not on this machine.',
      remedy: expect.stringContaining('docker pull squall/nothing:0'),
    });
    await expect(containers.start({ image: testImages.busybox, command: ['no-such-program'] })).rejects.toMatchObject({
      code: 'CONTAINER_FAILED',
      message: expect.stringContaining('no-such-program'),
    });
  });

  it.each(['', 'sleep 0.5; '])('say at once how they ended before they were ready (%s)', async (first) => {
    const spec = { image: testImages.busybox, command: ['sh', '-c', `${first}echo no model >&2; exit 3`], ports: [80] };
    await expect(containers.start(spec)).rejects.toMatchObject({
      code: 'CONTAINER_FAILED',
      message: 'The container busybox:1 ended with code 3 before it was ready. It printed last:\n  no model',
    });
  });

  it('say what was waited for, and what they printed, when they take too long', async () => {
    const spec: ContainerSpec = {
      image: testImages.busybox,
      command: ['sh', '-c', 'echo loading; sleep 600'],
      readyWhen: { type: 'log', pattern: /serving/ },
      startupTimeoutMs: 1_000,
    };
    await expect(containers.start(spec)).rejects.toMatchObject({
      message:
        'The container busybox:1 was not ready within 1 s: squall waited for a line that matches /serving/. It printed last:\n  loading',
    });
  });

  it('are gone with their network soon after squall is killed', async () => {
    const source = `
      const { openContainers } = await import(${JSON.stringify(new URL('../../../harness/containers/containers.ts', import.meta.url).href)});
      const containers = await openContainers();
      const { name } = await containers.network();
      const spec = ${JSON.stringify({ image: testImages.busybox, command: ['sleep', '600'] })};
      await Promise.all([1, 2, 3].map(() => containers.start({ ...spec, network: name, aliases: [] })));
      // One more is on its way at the moment of the kill.
      void containers.start(spec);
      process.stdout.write(containers.runId);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    const runId = String(await new Promise((resolve) => child.stdout.once('data', resolve)));
    expect((await leftBehind(runId)).length).toBeGreaterThanOrEqual(4);
    child.kill('SIGKILL');
    await vi.waitFor(async () => expect(await leftBehind(runId)).toEqual([]), { timeout: 30_000, interval: 100 });
    // And nothing that the engine finished later.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await leftBehind(runId)).toEqual([]);
  });
});
