import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../harness/verdict/report.ts';
import { squall, startSquall } from '../support/squall.ts';

const SHORT = join(import.meta.dirname, 'fixtures', 'short-outage.yaml');

const POLICY = join(import.meta.dirname, 'fixtures', 'policy-change.yaml');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-run-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('squall run', () => {
  it('passes the good design, reports it three ways, and leaves nothing behind', async () => {
    const junit = join(folder, 'report.xml');
    const json = join(folder, 'report.json');
    const running = startSquall(['run', SHORT, '--reporter', `terminal,junit=${junit},json=${json}`, '--seed', '7']);
    const { code, stdout, stderr, tempFiles } = await running.ended;

    expect(stderr).toBe('');
    expect(stdout).toContain('PASSED');
    expect(code).toBe(0);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);

    const [report] = JSON.parse(readFileSync(json, 'utf8')).runs as [RunReport];
    expect(report).toMatchObject({
      scenario: 'short-outage',
      design: 'reference',
      world: 'live',
      seed: 7,
      verdict: { outcome: 'passed' },
    });
    expect(report.phases.map((phase) => phase.name)).toEqual(['baseline', 'region-outage', 'recovery']);
    expect(report.phases[0]?.servedBy).toHaveProperty('aws/us-east-1/sagemaker-runtime');
    expect(report.phases[1]?.servedBy).toHaveProperty('google/us-east4/aiplatform');
    // A model that is real scores near its held-out accuracy; an answer that is canned scores near a tenth.
    expect(report.phases[0]?.accuracy).toBeGreaterThan(0.8);
    expect(report.phases[0]?.costUsd).toBeGreaterThan(0);
    expect(readFileSync(junit, 'utf8')).toContain('<testsuite ');

    expect(running.descendants()).toEqual([]);
    expect(tempFiles).toEqual([]);
  });

  it('fails a design without failover, and says in words what broke', async () => {
    const { code, stdout } = await squall(['run', SHORT, '--design', 'no-failover', '--json']);
    const [report] = JSON.parse(stdout).runs as [RunReport];
    expect(report.verdict).toMatchObject({ outcome: 'failed', reasons: [expect.stringMatching(/region-outage/)] });
    expect(code).toBe(1);
  });

  it.each(['live', 'sim'])(
    'takes a permission in the %s world: another provider serves, until it is given back',
    async (world) => {
      const [good, bad] = await Promise.all(
        [[], ['--design', 'no-failover']].map((design) => squall(['run', POLICY, '--world', world, '--json', ...design])),
      );
      const [report] = JSON.parse(good!.stdout).runs as [RunReport];
      const [, denied, recovery] = report.phases;
      expect(report.verdict.outcome).toBe('passed');
      expect(denied?.servedBy['google/us-east4/aiplatform']).toBeGreaterThan(0.8);
      expect(recovery?.servedBy['aws/us-east-1/sagemaker-runtime']).toBeGreaterThan(0.5);
      expect(JSON.parse(bad!.stdout).runs[0].verdict).toMatchObject({ outcome: 'failed' });
    },
  );

  it.each(['sim', 'live'])('interrupts spot instances of a design that has them, and no others, in %s', async (world) => {
    const file = join(folder, 'spot.yaml');
    writeFileSync(
      file,
      `topology: { regions: [aws/us-east-1, google/us-east4] }
design: { degrade: false }
designs:
  spot: { sizing: { market: spot } }
load: { rate: 40/s }
warmup: 500ms
duration: 4s
faults: [{ kind: spot-interruption, target: '*', at: 1500ms, for: 2s, notice: 300ms }]
steadyState: { availability: { min: 90% } }
expect: { spot-interruption: { availability: { min: 90% } } }
`,
    );
    const runs = await Promise.all(
      ['reference', 'spot'].map((design) => squall(['run', file, '--world', world, '--design', design, '--json'])),
    );
    const [onDemand, onSpot] = runs.map(({ stdout }) => JSON.parse(stdout).runs[0] as RunReport);
    expect(onDemand!.verdict.outcome).toBe('passed');
    expect(onSpot!.verdict.outcome).toBe('failed');
    expect(onSpot!.events.map(({ text }) => text).join('\n')).toMatch(
      /aws\/us-east-1\/sagemaker-runtime 1 spot instance of 1 instance will be taken back in 0.3 s/,
    );
  });

  it('runs a TypeScript scenario that imports squall from a folder of its own', async () => {
    // As `npm init` leaves it.
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
    const file = join(folder, 'mine.ts');
    writeFileSync(
      file,
      `import { defineScenario } from 'squall';
export default defineScenario({
  topology: { regions: ['azure/eastus'] },
  load: { rate: '40/s' },
  warmup: '200ms',
  duration: '1500ms',
  expect: { all: { availability: { min: '90%' } } },
});
`,
    );
    const { code, stdout } = await squall(['run', file, '--json']);
    const [report] = JSON.parse(stdout).runs as [RunReport];
    expect(report).toMatchObject({ scenario: 'mine', verdict: { outcome: 'passed' } });
    expect(code).toBe(0);
  });

  it('calls a run with too few samples invalid, not passed', async () => {
    const file = join(folder, 'few.yaml');
    writeFileSync(
      file,
      `topology: { regions: [aws/us-east-1] }
load: { rate: 40/s }
warmup: 200ms
duration: 2s
expect: { all: { p999: { max: 5s } } }
`,
    );
    const { code, stdout } = await squall(['run', file, '--json']);
    const [report] = JSON.parse(stdout).runs as [RunReport];
    expect(report.verdict).toMatchObject({ outcome: 'invalid', reasons: [expect.stringContaining('5000')] });
    expect(code).toBe(3);
  });
});
