import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { freePort } from '../support/free-port.ts';
import { type Running, squall, startSquall } from '../support/squall.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures', 'sut');
const TWO_REGIONS = join(FIXTURES, 'two-regions.yaml');
const SERVER = `"${process.execPath}" "${join(FIXTURES, 'server.mjs')}"`;
const HANDLER = join(FIXTURES, 'handler.mjs');
const TIMEOUT_MS = 60_000;

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'squall-out-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const reportOf = (stdout: string): RunReport => (JSON.parse(stdout) as { readonly runs: readonly [RunReport] }).runs[0];

const run = (args: readonly string[], options: Parameters<typeof squall>[1] = {}) =>
  squall(['run', '--json', '--out', out, ...args], options);

const logs = (): string =>
  readdirSync(out)
    .map((folder) => readFileSync(join(out, folder, 'sut.log'), 'utf8'))
    .join('');

const startServer = (environment: Readonly<Record<string, string>>, port: number): ChildProcess =>
  spawn(process.execPath, [join(FIXTURES, 'server.mjs')], {
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: 'ignore',
  });

/** Of squall or anything below it: nothing is left when the run has ended. */
const expectNothingLeft = (running: Running) => expect(running.descendants()).toEqual([]);

describe('a command as the system under test', () => {
  it(
    'gets its links by environment variables, and its log into the folder of the run',
    async () => {
      const running = startSquall(['run', '--json', '--out', out, TWO_REGIONS, '--sut', SERVER]);
      const { code, stdout, stderr } = await running.ended;
      const report = reportOf(stdout);
      expect([code, stderr, report.verdict]).toEqual([0, expect.any(String), { outcome: 'passed' }]);
      expect(report.sut).toBe(SERVER);
      const outage = report.phases.find(({ name }) => name === 'region-outage')!;
      expect(Object.keys(outage.servedBy)).toContain('azure/westus/ml-online-endpoint');
      expect(report.overall.accuracy).toBeGreaterThan(0.9);
      expect(report.output!.file).toMatch(/sut\.log$/);
      expect(logs()).toMatch(/^\S+Z out listening$/m);
      expectNothingLeft(running);
    },
    TIMEOUT_MS,
  );

  it(
    'fails by its own fault, and the report shows what it printed then',
    async () => {
      const { code, stdout } = await run([TWO_REGIONS, '--sut', SERVER], { env: { FAILOVER: 'off' } });
      const report = reportOf(stdout);
      expect([code, report.verdict.outcome]).toEqual([1, 'failed']);
      const [excerpt] = report.output!.excerpts;
      expect(excerpt).toMatchObject({ phase: 'region-outage', what: 'the first http-error (503)' });
      expect(excerpt!.lines.some(({ text }) => text.includes('no region answered'))).toBe(true);
    },
    TIMEOUT_MS,
  );

  it(
    'that ends at once is told with what it printed',
    async () => {
      const { code, stderr } = await run([TWO_REGIONS, '--sut', 'echo no such configuration >&2; exit 3']);
      expect(code).toBe(3);
      expect(stderr).toMatch(/squall: The system under test is not there: the command exited with code 3: no such configuration/);
    },
    TIMEOUT_MS,
  );

  it(
    'that never listens is told by its port, and leaves nothing',
    async () => {
      const config = join(out, 'squall.config.json');
      writeFileSync(config, JSON.stringify({ sut: { command: 'echo waiting; sleep 600', ready: { within: '1s' } } }));
      const running = startSquall(['run', TWO_REGIONS, '--config', config, '--out', out]);
      const { code, stderr } = await running.ended;
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /was not ready at http:\/\/127\.0\.0\.1:\d+ within 1 s: no connection is taken there\. It printed: waiting/,
      );
      expectNothingLeft(running);
    },
    TIMEOUT_MS,
  );

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'is gone with all that it started when squall gets %s',
    async (signal) => {
      // A child in a session of its own, which no signal to the group reaches.
      const command = `setsid sh -c 'trap "" TERM HUP; while :; do sleep 0.1; done' & ${SERVER}`;
      const running = startSquall(['run', TWO_REGIONS, '--out', out, '--sut', command]);
      await running.until(() => running.descendants().some(({ commandLine }) => commandLine.includes('while :;')));
      await running.until(() =>
        running.descendants().some(({ commandLine }) => commandLine.includes('server.mjs') && !commandLine.includes('setsid')),
      );
      running.process.kill(signal);
      await running.ended;
      await expect.poll(() => running.descendants(), { timeout: 15_000 }).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('a handler as the system under test', () => {
  it.each(['live', 'sim'])(
    'runs in the world %s, and is told the same',
    async (world) => {
      const { code, stdout, stderr } = await run([TWO_REGIONS, '--sut', HANDLER, '--world', world]);
      const report = reportOf(stdout);
      expect([code, stderr, report.verdict]).toEqual([0, expect.any(String), { outcome: 'passed' }]);
      expect(report.overall.accuracy).toBeGreaterThan(0.9);
      expect(logs()).toContain('out serving digits');
      if (world === 'sim') expect(logs()).toMatch(/^2026-01-01T.* err azure\/eastus\/ml-online-endpoint failed: TypeError$/m);
    },
    TIMEOUT_MS,
  );

  it('that exports none is refused', async () => {
    const module = join(out, 'nothing.mjs');
    writeFileSync(module, 'export const nothing = 1;');
    const { code, stderr } = await run([TWO_REGIONS, '--sut', module]);
    expect(code).toBe(2);
    expect(stderr).toContain('exports no handler');
  });
});

describe('a system that runs already', () => {
  it(
    'is told its links by `squall env`, and tested at its URL',
    async () => {
      const port = await freePort();
      const credentials = join(out, 'credentials.json');
      const links = ['--link-port', String(await freePort()), '--credentials', credentials];
      const told = await squall(['env', TWO_REGIONS, ...links, '--json']);
      expect(told.code).toBe(0);
      const server = startServer(JSON.parse(told.stdout) as Record<string, string>, port);
      try {
        const { code, stdout, stderr } = await run([TWO_REGIONS, '--sut', `http://127.0.0.1:${port}`, ...links]);
        const report = reportOf(stdout);
        expect([code, stderr, report.verdict]).toEqual([0, expect.any(String), { outcome: 'passed' }]);
        expect(report.sut).toBe(`http://127.0.0.1:${port}`);
        // It is not squall's to end.
        expect(server.exitCode).toBeNull();
      } finally {
        server.kill();
      }
    },
    TIMEOUT_MS,
  );

  it('that is elsewhere gets no load unless its host is allowed', async () => {
    const { code, stderr } = await run([TWO_REGIONS, '--sut', 'http://192.0.2.1:4000']);
    expect(code).toBe(2);
    expect(stderr).toContain('--allow-host 192.0.2.1');
    expect(existsSync(join(out, 'sut.log'))).toBe(false);
  });
});

describe('a scenario of the reference stack alone', () => {
  it.each([
    ['events-broker-outage', 'its load comes by the door events'],
    ['jobs-worker-crash', 'acts on a node of the reference stack'],
    ['split-brain', 'model registry'],
  ])('%s is refused for another system', async (scenario, why) => {
    const { code, stderr } = await run([scenario, '--sut', SERVER]);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });
});
