import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { squall } from '../support/squall.ts';

const EXPLORABLE = join(import.meta.dirname, 'fixtures', 'explorable.yaml');
const LIMIT_MS = 600_000;

/** Arrivals of six seconds in pairs, the first at 0, as Azure publishes its traces. */
const PAIRS = 120;
const rows = Array.from({ length: 2 * PAIRS }, (_, index) => {
  const second = (Math.floor(index / 2) * 50_000 + (index % 2) * 1234) / 1e6;
  return `2026-01-31 12:00:${(second + 3).toFixed(7).padStart(10, '0')},4808,10`;
});
const trace = ['TIMESTAMP,ContextTokens,GeneratedTokens', ...rows, ''].join('\n');

const scenario = (load: string): string => `topology: { regions: [aws/us-east-1] }
load: { ${load} }
warmup: 500ms
duration: 4s
expect: { all: { availability: { min: 90% } } }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-trace-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'pairs.csv'), trace);
  writeFileSync(join(folder, 'data', 'bad.csv'), trace.replace(`${rows[9]}\n`, `${rows[2]}\n`));
  writeFileSync(join(folder, 'good.yaml'), scenario('trace: data/pairs.csv'));
  writeFileSync(join(folder, 'fast.yaml'), scenario('trace: { file: data/pairs.csv, speed: 2 }'));
  writeFileSync(join(folder, 'bad.yaml'), scenario('trace: data/bad.csv'));
  writeFileSync(join(folder, 'bursts.yaml'), scenario('rate: 30/s, bursts: [{ at: 1s, for: 500ms, every: 1s, multiplier: 4 }]'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reportOf = async (...args: readonly string[]): Promise<RunReport> => {
  // From another folder: the trace is found beside the scenario.
  const { code, stdout, stderr } = await squall(['run', ...args, '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout).runs[0] as RunReport;
};

describe('a load from a recorded trace', () => {
  it('is run in sim, and the report says so', async () => {
    const report = await reportOf(join(folder, 'good.yaml'), '--world', 'sim');
    expect(report.verdict).toEqual({ outcome: 'passed' });
    expect(report.overall.requests).toBe(160);
    expect(report.method).toContain('the 160 recorded arrivals of a trace (data/pairs.csv): latency counts from');

    // It is over after three of four seconds.
    const fast = await reportOf(join(folder, 'fast.yaml'), '--world', 'sim');
    expect(fast.overall.requests).toBe(2 * PAIRS);

    const { stdout } = await squall(['run', join(folder, 'fast.yaml'), '--world', 'sim']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('240 recorded arrivals of a trace (data/pairs.csv, at 2 times its speed)');
  });

  it('is run in live with as many requests', async () => {
    const report = await reportOf(join(folder, 'good.yaml'));
    expect(report.overall.requests).toBe(160);
  });

  it('is refused with file, line and what would be right, before anything runs', async () => {
    const { code, stdout, stderr } = await squall(['run', 'bad.yaml', '--world', 'sim'], { cwd: folder });
    expect(stderr).toMatch(
      /bad\.yaml:2:\d+: load\.trace\.file: data\/bad\.csv:11: the timestamp "2026-01-31 12:00:03\.05.*" is before/,
    );
    expect(stderr).toContain('expected arrivals in order: sort them');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([code, stdout]).toEqual([2, '']);
  });

  it(
    'is explored, and what is found replays where the trace is not',
    async () => {
      const cwd = join(folder, 'here');
      mkdirSync(cwd);
      writeFileSync(join(cwd, 'pairs.csv'), trace);
      const load = 'load: { trace: { file: pairs.csv, repeatEvery: 6s } }';
      const content = readFileSync(EXPLORABLE, 'utf8').replace(/^load: .*$/m, load);
      expect(content).toContain(load);
      writeFileSync(join(cwd, 'traced.yaml'), content);
      const found = await squall(['explore', 'traced.yaml', '--design', 'no-failover', '--budget', '30', '--out', 'found.json'], {
        cwd,
      });
      expect(found.code).toBe(1);
      expect(found.stdout).toContain('pairs.csv, again every 6s of it');
      writeFileSync(join(cwd, 'found.yaml'), found.stdout);
      rmSync(join(cwd, 'pairs.csv'));

      const again = await squall(['replay', 'found.json'], { cwd });
      expect(again.stdout).toContain('came back, figure for figure');
      expect(again.code).toBe(1);
      const ran = await squall(['run', 'found.yaml', '--world', 'sim', '--json'], { cwd });
      expect((JSON.parse(ran.stdout).runs[0] as RunReport).method).toContain(
        '800 recorded arrivals of a trace (pairs.csv, again',
      );
    },
    LIMIT_MS,
  );
});

describe('a load that bursts', () => {
  it('is run in sim, and the report says so', async () => {
    const report = await reportOf(join(folder, 'bursts.yaml'), '--world', 'sim');
    expect(report.method).toContain('poisson arrivals in 3 bursts and between them');
    // 120 by the rate, 135 by the bursts; six deviations are never left by chance.
    expect(Math.abs(report.overall.requests - 255)).toBeLessThan(6 * Math.sqrt(255));
  });
});
