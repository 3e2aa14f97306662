import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { type Running, squall, startSquall } from '../support/squall.ts';
import { echo, hold, startUpstream, talk } from '../support/tcp.ts';
import { call } from '../support/toxiproxy.ts';

let folder: string;
const started: Running[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-proxy-'));
});
afterEach(async () => {
  for (const running of started.splice(0)) {
    running.process.kill('SIGKILL');
    await running.ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** `squall proxy` on a free port, once it has printed all. */
const startProxy = async (...args: readonly string[]): Promise<{ readonly running: Running; readonly origin: string }> => {
  const port = await freePort();
  const running = startSquall(['proxy', '--port', String(port), ...args]);
  started.push(running);
  await running.until(() => running.printed.stdout.includes('Ctrl-C'));
  return { running, origin: `http://127.0.0.1:${port}` };
};

const writeConfig = (document: unknown): string => {
  const file = join(folder, 'toxiproxy.json');
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return file;
};

describe('squall proxy', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('serves until %s, with connections open, and leaves nothing behind', async (signal) => {
    await using upstream = await startUpstream(echo);
    const { running, origin } = await startProxy();
    const body = JSON.stringify({ name: 'echo', listen: '127.0.0.1:0', upstream: upstream.address });
    const { status, text } = await call(origin, { method: 'POST', path: '/proxies', body });
    expect(status).toBe(201);
    const { listen } = JSON.parse(text);
    expect(await talk(listen, 'hello')).toBe('hello');
    const { ended } = await hold(listen);
    running.process.kill(signal);
    expect(await running.ended).toMatchObject({ code: 130, stderr: '', tempFiles: [] });
    expect(await ended).toBe('end');
    await expect(talk(listen, 'hello')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(running.descendants()).toEqual([]);
  });

  it("prints where it listens, and the proxies of toxiproxy-server's config file", async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    const config = writeConfig([
      { name: 'redis', listen, upstream: 'localhost:6379' },
      { name: 'off', upstream: 'localhost:1', enabled: false },
    ]);
    const { running, origin } = await startProxy('--config', config);
    expect(running.printed.stdout).toMatch(new RegExp(`^control +${origin}$`, 'm'));
    expect(running.printed.stdout).toMatch(new RegExp(`^redis +${listen}, before localhost:6379$`, 'm'));
    expect(running.printed.stdout).toMatch(/^off +off, before localhost:1$/m);
  });

  it('is bad input with a port in use, and says which', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as { port: number };
    try {
      const { code, stderr, stdout } = await squall(['proxy', '--port', String(port)]);
      expect(stderr).toMatch(new RegExp(`^squall: Port ${port} on 127\\.0\\.0\\.1 is in use\\.\n  .+\n$`));
      expect(stdout).toBe('');
      expect(code).toBe(2);
    } finally {
      await new Promise<void>((resolve) => holder.close(() => resolve()));
    }
  });

  it('is bad input with a config file that is amiss, and says where', async () => {
    const config = writeConfig([{ name: 'redis' }]);
    const { code, stderr, stdout } = await squall(['proxy', '--port', String(await freePort()), '--config', config]);
    expect(stderr).toContain(`squall: ${config}: [0].upstream: `);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each([
    [['--port', 'x'], 'whole number'],
    [['--host', '192.0.2.1'], '192.0.2.1 is no address of this machine'],
    [['--config', 'nowhere.json'], 'nowhere.json'],
    [['--seed', '-1'], 'whole number'],
  ])('is bad input with %j', async (args, what) => {
    const { code, stderr } = await squall(['proxy', ...args]);
    expect(stderr).toContain(what);
    expect(code).toBe(2);
  });
});
