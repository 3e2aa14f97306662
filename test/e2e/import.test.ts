import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { packageRoot } from '../../harness/package-root.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { csvOf, minutes } from '../support/imports.ts';
import { squall } from '../support/squall.ts';

const LIMIT_MS = 600_000;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'squall-import-'));
  const rows = minutes('us-east-1', 30, (minute) => (minute >= 10 && minute < 20 ? { errorRate: 0.3 } : {}));
  writeFileSync(join(cwd, 'Incident 42.csv'), csvOf([...rows, ...minutes('mars', 3, () => ({}))]));
  writeFileSync(join(cwd, 'bad.csv'), csvOf(rows).replace(',0.3,', ',30,'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const imports = (...args: readonly string[]) => squall(['import', ...args], { cwd });

describe('squall import', () => {
  it(
    'writes a scenario that runs as it is, and whose report has both curves',
    async () => {
      const imported = await imports('Incident 42.csv', '--speed', '60');
      expect(imported.stderr).toBe('');
      expect(imported.code).toBe(0);
      expect(imported.stdout).toContain('Incident 42.csv (csv): ');
      expect(imported.stdout).toMatch(/10s 10s error-burst\s+aws\/us-east-1/);
      expect(imported.stdout).toContain('Not imported: 1');
      expect(imported.stdout).toContain('series mars');
      expect(imported.stdout).toContain('Next: squall run incident-42.yaml --world sim');

      const ran = await squall(['run', 'incident-42.yaml', '--world', 'sim', '--reporter', 'json,curves=curves.html'], { cwd });
      expect(ran.stderr).toBe('');
      expect(ran.code).toBe(0);
      const [report] = (JSON.parse(ran.stdout) as { readonly runs: readonly RunReport[] }).runs;
      expect(report!.design).toBe('as-recorded');
      const { errorRate, p50Ms } = report!.curves![0]!.difference;
      expect(errorRate).toMatchObject({ steps: 30, of: 30 });
      expect(errorRate!.mean).toBeLessThan(0.06);
      expect(p50Ms!.mean / p50Ms!.recordedMean).toBeLessThan(0.3);
      expect(readFileSync(join(cwd, 'curves.html'), 'utf8')).toContain('<svg ');
    },
    LIMIT_MS,
  );

  it(
    'makes a scenario of an experiment of the Chaos Toolkit, which runs as it is',
    async () => {
      writeFileSync(
        join(cwd, 'experiment.yaml'),
        stringify({
          title: 'A model that cannot be reached',
          description: 'The proxy before it is disabled.',
          'steady-state-hypothesis': {
            title: 'It answers',
            probes: [
              {
                type: 'probe',
                name: 'answers',
                tolerance: 200,
                provider: { type: 'http', url: 'http://localhost/', timeout: 3 },
              },
            ],
          },
          method: [
            {
              type: 'action',
              name: 'cut',
              provider: {
                type: 'python',
                module: 'chaostoxi.proxy.actions',
                func: 'disable_proxy',
                arguments: { proxy_name: 'model' },
              },
              pauses: { after: 6 },
            },
            { type: 'action', name: 'kill', provider: { type: 'process', path: 'kill' } },
          ],
        }),
      );
      const imported = await imports('experiment.yaml', '--map', 'model=aws/us-east-1', '--out', 'cut.yaml');
      expect(imported.stderr).toBe('');
      expect(imported.stdout).toContain('experiment.yaml (chaostoolkit): 1 fault in ');
      expect(imported.stdout).toContain('action kill (method[1])');
      const ran = await squall(['run', 'cut.yaml', '--world', 'sim', '--json'], { cwd });
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      const [report] = (JSON.parse(ran.stdout) as { readonly runs: readonly RunReport[] }).runs;
      expect(report!.faults).toMatchObject([{ kind: 'region-outage', targets: ['aws/us-east-1'], forMs: 6000 }]);
      expect(
        report!.expectations.filter(({ isSteadyState }) => !isSteadyState).map(({ phase, metric }) => [phase, metric]),
      ).toEqual([
        ['region-outage-us-east-1', 'availability'],
        ['region-outage-us-east-1', 'p95'],
        ['all', 'unauthorisedAnswers'],
      ]);
    },
    LIMIT_MS,
  );

  it(
    'reproduces the example, whose page prints the faults that are found',
    async () => {
      const example = join(packageRoot, 'examples', 'incident');
      const imported = await imports(join(example, 'incident.csv'), '--out', 'example.yaml');
      const faults = imported.stdout
        .slice(imported.stdout.indexOf('\nFaults\n') + 1, imported.stdout.indexOf('\nWritten'))
        .trimEnd();
      expect(faults.split('\n')).toHaveLength(7);
      expect(readFileSync(join(example, 'README.md'), 'utf8')).toContain(faults.replaceAll(/^(?=.)/gm, '    '));
      const ran = await squall(['run', 'example.yaml', '--world', 'sim', '--json'], { cwd });
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      const [report] = (JSON.parse(ran.stdout) as { readonly runs: readonly RunReport[] }).runs;
      for (const { difference } of report!.curves!) {
        expect(difference.errorRate).toMatchObject({ steps: 120, of: 120 });
        expect(difference.errorRate!.mean).toBeLessThan(0.03);
        expect(difference.p50Ms!.mean / difference.p50Ms!.recordedMean).toBeLessThan(0.15);
      }
    },
    LIMIT_MS,
  );

  it('says what is wrong in one message, with its place, and writes nothing', async () => {
    const { code, stdout, stderr } = await imports('bad.csv', '--out', 'never.yaml');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^squall: bad\.csv:12:\d+: error_rate "30" is no share; expected 0 to 1/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(join(cwd, 'never.yaml'))).toBe(false);
  });

  it('writes over nothing unasked, and fails for what is left out when asked to', async () => {
    writeFileSync(join(cwd, 'there.yaml'), 'mine');
    const refused = await imports('Incident 42.csv', '--out', 'there.yaml');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--out: there.yaml is there already');
    expect(readFileSync(join(cwd, 'there.yaml'), 'utf8')).toBe('mine');
    const strict = await imports('Incident 42.csv', '--out', 'there.yaml', '--force', '--strict');
    expect(strict.code).toBe(1);
    expect(readFileSync(join(cwd, 'there.yaml'), 'utf8')).toContain('# Not imported:');
  });

  it.each([
    [['nowhere.csv'], 'nowhere.csv does not exist'],
    [['Incident 42.csv', '--map', 'mars=moon'], 'It must be provider/region'],
    [['Incident 42.csv', '--speed', '0'], 'It must be a number from 0.01'],
    [['Incident 42.csv', '--column', 'errorRate'], 'It must be <field>=<column>'],
    [['Incident 42.csv', '--format', 'xml'], 'Allowed choices are har, otlp, chaostoolkit, toxiproxy, json, csv'],
    [['Incident 42.csv', '--format', 'har'], 'Incident 42.csv:1: is no HTTP archive'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await imports(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('prints the scenario alone on standard output when asked to', async () => {
    const { code, stdout, stderr } = await imports('Incident 42.csv', '--out', '-', '--map', 'mars=google/us-central1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Written by squall import from Incident 42\.csv/);
    expect(stdout).toContain('google/us-central1');
    expect(stderr).toContain('2 recorded curves');
  });
});
