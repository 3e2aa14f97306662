import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { leftByProcess, missingForContainers } from '../support/containers.ts';
import { squall, startSquall } from '../support/squall.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures', 'sut');
const DEPENDENCIES = join(FIXTURES, 'dependencies.yaml');
const CACHE = join(FIXTURES, 'cache.yaml');
const SERVICE = `"${process.execPath}" "${join(FIXTURES, 'dependencies.mjs')}"`;
const TIMEOUT_MS = 180_000;

const missing = await missingForContainers('redis', 'postgres', 'localstack');
const why = missing ? ` (${missing})` : '';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'squall-out-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const start = (...args: readonly string[]) => startSquall(['run', '--json', '--out', out, '--sut', SERVICE, ...args]);
const folders = (): readonly string[] =>
  readdirSync(out)
    .toSorted()
    .map((folder) => join(out, folder));
const textOf = (folder: string, file: string): string =>
  existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';

describe.skipIf(missing)(`containers of a scenario${why}`, { timeout: TIMEOUT_MS }, () => {
  it('are what the system under test uses, fail as the faults say, and are gone at the end', async () => {
    const running = start(DEPENDENCIES);
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const [report] = (JSON.parse(stdout) as { readonly runs: readonly [RunReport] }).runs;
    const phase = (name: string) => report.phases.find((one) => one.name === name)!;
    const degraded = (name: string): number => phase(name).degradedShare!;
    expect(degraded('killed')).toBeGreaterThan(0.5);
    expect(degraded('errors')).toBeGreaterThan(0.5);
    expect(degraded('paused')).toBeGreaterThan(0.4);
    expect(degraded('slow')).toBeLessThan(0.5);
    const slow = Object.keys(phase('slow').servedBy).find((served) => /^after-[345]00-ms$/.test(served));
    expect(slow).toBeDefined();

    const [folder] = folders();
    const log = textOf(folder!, 'sut.log');
    expect(log).toMatch(/cache failed: connect ECONNREFUSED/);
    expect(log).toMatch(/cache failed: no answer/);
    expect(log).toMatch(/aws failed/);
    expect(textOf(folder!, 'cache.log').match(/Ready to accept connections/g)).toHaveLength(2);
    expect(textOf(folder!, 'store.log')).toContain('database system is ready');
    const events = report.events.map(({ text }) => text).join('\n');
    for (const text of ['cache killed', 'cache up again', 'cache paused', 'cache goes on', 'limited to 0.2 processors, 64 MiB'])
      expect(events).toContain(text);
    expect(await leftByProcess(running.process.pid!)).toEqual([]);
    expect(running.descendants()).toEqual([]);
  });

  it('are there for the next scenario of the command with --reuse, and for it alone without', async () => {
    const starts = () => folders().map((folder) => textOf(folder, 'cache.log').match(/Ready to accept/g)?.length ?? 0);
    const reusing = start(CACHE, CACHE, '--reuse');
    expect((await reusing.ended).code).toBe(0);
    expect(starts()).toEqual([1, 0]);
    expect(await leftByProcess(reusing.process.pid!)).toEqual([]);
  });

  it('are gone soon after squall is killed', async () => {
    const running = start(CACHE);
    const pid = running.process.pid!;
    await vi.waitFor(async () => expect(await leftByProcess(pid)).toEqual(['redis:8']), { timeout: 60_000, interval: 50 });
    running.process.kill('SIGKILL');
    await running.ended;
    await vi.waitFor(async () => expect(await leftByProcess(pid)).toEqual([]), { timeout: 30_000, interval: 100 });
    await vi.waitFor(() => expect(running.descendants()).toEqual([]), { timeout: 10_000, interval: 100 });
  });
});

describe('a scenario with containers', () => {
  it('is refused in sim, and without an engine, with exit code 2', async () => {
    const inSim = await squall(['run', CACHE, '--world', 'sim']);
    expect([inSim.code, inSim.stderr]).toEqual([2, expect.stringContaining('cache has containers (cache)')]);
    const alone = await squall(['run', CACHE], { env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining("Containers can't be started")]);
  });
});
