import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { squall, startSquall } from '../support/squall.ts';

const LIMIT_MS = 300_000;

const FIXTURE = `topology: { gateway: us-east, regions: [aws/us-east-1, google/us-east4, azure/eastus, aws/us-west-2] }
load: { rate: 100/s, timeout: 1s }
warmup: 1s
duration: 12s
faults:
  - { kind: region-outage, target: aws/us-east-1, at: 4s, for: 4s }
expect: { region-outage: { degradedShare: { max: 20% } } }
`;

/** The baseline does not hold: no run of it can be judged. */
const UNSTEADY = `${FIXTURE}steadyState: { p50: { max: 1ms } }\n`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-compare-'));
  writeFileSync(join(folder, 'outage.yaml'), FIXTURE);
  writeFileSync(join(folder, 'unsteady.yaml'), UNSTEADY);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compare = (...args: readonly string[]) => squall(['compare', ...args], { cwd: folder });

const quantity = z.union([z.number(), z.literal('never')]);
const spread = z.strictObject({ median: quantity, min: quantity, max: quantity, runs: z.int(), samples: z.int() });
const measureNames = ['availability', 'fullQuality', 'p99', 'failoverTime', 'degradedShare', 'accuracy', 'costPer1k'] as const;
const verdict = z.object({ outcome: z.enum(['passed', 'failed', 'invalid']), reasons: z.array(z.string()).optional() });

/** What scripts rely on. */
const document = z.strictObject({
  schemaVersion: z.literal(1),
  scenario: z.string(),
  title: z.string(),
  world: z.enum(['sim', 'live']),
  durationMs: z.number(),
  seeds: z.array(z.int()),
  knobs: z.array(z.strictObject({ path: z.string(), values: z.array(z.string()) })),
  end: z.strictObject({ type: z.enum(['completed', 'interrupted']), runs: z.int(), ofRuns: z.int() }),
  variants: z.array(
    z.strictObject({
      name: z.string(),
      design: z.string(),
      settings: z.record(z.string(), z.string()),
      verdict: z.strictObject({
        outcome: z.enum(['passed', 'failed', 'invalid', 'not-run']),
        passed: z.int(),
        failed: z.int(),
        invalid: z.int(),
        reasons: z.array(z.string()),
      }),
      measures: z.record(z.enum(measureNames), spread.nullable()),
      worstPhase: z.strictObject({ phase: z.string(), metric: z.string(), value: z.number() }).nullable(),
      isOnFront: z.boolean(),
      runs: z.array(z.strictObject({ seed: z.int(), verdict, measures: z.record(z.enum(measureNames), quantity.nullable()) })),
    }),
  ),
  method: z.string(),
});

describe('squall compare', () => {
  it(
    'sets the architectures side by side by default: a table, a plot, and files of both',
    async () => {
      const { code, stdout, stderr, tempFiles } = await compare(
        'outage.yaml',
        '--plot',
        'plot.svg',
        '-r',
        'terminal,html=page.html,json=out.json',
      );
      expect(`${code} ${stderr}`).toBe('0 ');
      expect(tempFiles).toEqual([]);
      const names = [
        'single-region',
        'active-passive',
        'active-active',
        'multi-cloud-priority',
        'multi-cloud-cost-aware',
        'multi-cloud-hedged',
      ];
      for (const name of names) expect(stdout).toContain(name);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(stdout).toContain('Cost against availability');
      expect(readFileSync(join(folder, 'plot.svg'), 'utf8')).toMatch(/^<svg /);
      expect(readFileSync(join(folder, 'page.html'), 'utf8')).toContain('<th scope="row">single-region');

      const { variants } = document.parse(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')));
      expect(variants.map(({ name }) => name)).toEqual(names);
      const by = Object.fromEntries(variants.map((variant) => [variant.name, variant]));
      const median = (name: string, measure: (typeof measureNames)[number]) => Number(by[name]!.measures[measure]!.median);
      // What the architectures trade against each other.
      expect(by['single-region']!.verdict.outcome).toBe('failed');
      expect(median('single-region', 'fullQuality')).toBeLessThan(0.8);
      for (const name of names.slice(1)) {
        expect(by[name]!.verdict.outcome).toBe('passed');
        expect(median(name, 'fullQuality')).toBeGreaterThan(0.95);
        expect(median(name, 'costPer1k')).toBeGreaterThan(median('single-region', 'costPer1k'));
      }
      expect(median('active-passive', 'costPer1k')).toBeLessThan(median('multi-cloud-cost-aware', 'costPer1k'));
      expect(median('multi-cloud-cost-aware', 'costPer1k')).toBeLessThan(median('multi-cloud-priority', 'costPer1k'));
      expect(median('active-active', 'p99')).toBeLessThan(median('active-passive', 'p99'));
      expect(median('multi-cloud-hedged', 'p99')).toBeLessThanOrEqual(median('multi-cloud-priority', 'p99'));
    },
    LIMIT_MS,
  );

  it(
    'gives medians and ranges of several seeds, and the same for any number of threads',
    async () => {
      const args = ['outage.yaml', '-d', 'reference,no-failover', '--seeds', '1..3', '--json'];
      const [one, two] = await Promise.all([compare(...args, '--workers', '1'), compare(...args, '--workers', '2')]);
      expect(one.stdout).toBe(two.stdout);
      const report = document.parse(JSON.parse(one.stdout));
      expect(report.seeds).toEqual([1, 2, 3]);
      expect(report.variants.map(({ runs }) => runs.length)).toEqual([3, 3]);
      expect(report.variants[1]!.verdict).toMatchObject({ outcome: 'failed', failed: 3 });
      expect(report.variants[1]!.measures.failoverTime).toMatchObject({ median: 'never' });
    },
    LIMIT_MS,
  );

  it(
    'turns a knob through a range, by the name that people use',
    async () => {
      const { code, stdout } = await compare('outage.yaml', '--sweep', 'deadline=20ms..1s/3', '--json');
      expect(code).toBe(0);
      const report = document.parse(JSON.parse(stdout));
      expect(report.knobs).toEqual([{ path: 'deadline', values: ['20ms', '510ms', '1s'] }]);
      const shares = report.variants.map(({ measures }) => Number(measures.fullQuality?.median ?? 0));
      // Twenty milliseconds are less than an answer takes.
      expect(shares[0]).toBeLessThan(shares[1]!);
    },
    LIMIT_MS,
  );

  it(
    'is no gate unless it is asked to be one',
    async () => {
      // Flags before the scenario: none of them takes it for its own.
      const args = ['-d', 'reference,no-failover', 'outage.yaml'];
      const [plain, gated] = await Promise.all([compare(...args), compare(...args, '--gate')]);
      expect([plain.code, gated.code]).toEqual([0, 1]);
    },
    LIMIT_MS,
  );

  it(
    'shows a design that cannot be judged with its reason, off the front, and exits with 3',
    async () => {
      const { code, stdout } = await compare('unsteady.yaml', '-d', 'reference,no-retry');
      expect(code).toBe(3);
      expect(stdout).toContain('reference: invalid: steady state: p50 in baseline was');
      expect(stdout).not.toContain('* reference');
    },
    LIMIT_MS,
  );

  it(
    'tells what it has when it is interrupted, exits with 130, and leaves nothing running',
    async () => {
      const running = startSquall(['compare', 'outage.yaml', '--seeds', '1..100', '--json'], { cwd: folder });
      setTimeout(() => running.process.kill('SIGINT'), 6000);
      const { code, stdout, stderr } = await running.ended;
      expect(code).toBe(130);
      expect(stderr).toContain('squall: interrupted');
      const report = document.parse(JSON.parse(stdout));
      expect(report.end).toMatchObject({ type: 'interrupted', ofRuns: 600 });
      expect(report.end.runs).toBeLessThan(600);
      expect(running.descendants()).toEqual([]);
    },
    LIMIT_MS,
  );

  it.each([
    [['region-outtage'], ['region-outtage', 'Did you mean', 'region-outage']],
    [
      ['outage.yaml', '-d', 'reference,no-failovr'],
      ['no-failovr', 'Did you mean "no-failover"?', 'Designs: '],
    ],
    [
      ['outage.yaml', '-d', 'reference'],
      ['nothing to be compared with', '--sweep'],
    ],
    [
      ['outage.yaml', '--sweep', 'breaker.treshold=3..5'],
      ['Did you mean "breaker.threshold"?', 'squall list policies'],
    ],
    [
      ['outage.yaml', '--sweep', 'breaker.threshold=0..5'],
      ['--sweep breaker.threshold=0..5', 'expected at least 1'],
    ],
    [['outage.yaml', '--sweep', 'hedging.after=100'], ['expected a duration with its unit']],
    [
      ['outage.yaml', '--seeds', '5..1'],
      ['--seeds', 'from the smaller seed to the larger'],
    ],
    [
      ['outage.yaml', '--seeds', '0..9999'],
      ['--seeds', 'at most 100 seeds'],
    ],
    [
      ['outage.yaml', '--plot', 'plot.png'],
      ['--plot', '.svg nor .html'],
    ],
    [['outage.yaml', '--plot', 'no/such/folder/plot.svg'], ['no/such/folder/plot.svg']],
    [
      ['outage.yaml', '-r', 'jason'],
      ['no reporter is called "jason"', 'Did you mean "json"?'],
    ],
    [['outage.yaml', '-w', 'moon'], ['live or sim']],
  ])('refuses %j in one message', async (args, expected) => {
    const { code, stdout, stderr } = await compare(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const part of expected) expect(stderr).toContain(part);
    expect(stderr).not.toContain('    at ');
    expect(stderr).not.toContain('internal error');
  });
});
