import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planRun } from '../../../harness/run.ts';
import { resolveScenario } from '../../../harness/scenario/resolve.ts';
import type { Scenario } from '../../../harness/scenario/scenario.ts';
import { isFailedCall } from '../../../harness/verdict/curves.ts';
import { judge } from '../../../harness/verdict/judge.ts';
import type { RunReport } from '../../../harness/verdict/report.ts';
import type { CallRecord } from '../../../harness/world/call-log.ts';
import { createSimPool } from '../../../harness/world/sim/pool.ts';
import { csvOf, importText } from '../../support/imports.ts';

const LIMIT_MS = 120_000;
const pool = createSimPool({ workers: 1 });
afterAll(() => pool.close());

/** A caller that takes what comes, and ninety calls a second: thirty for each region. */
const incident = (faults: readonly object[]): object => ({
  topology: { regions: ['aws/us-east-1', 'google/us-east4', 'azure/eastus'] },
  designs: {
    caller: {
      placement: { spread: 'round-robin' },
      attemptTimeout: '3s',
      deadline: false,
      hedging: false,
      retry: false,
      circuitBreaker: false,
      outlierDetection: false,
      healthChecks: false,
      costGuard: false,
      degrade: false,
    },
  },
  defaultDesign: 'caller',
  load: { rate: '90/s', timeout: '3s' },
  duration: '50s',
  faults,
  expect: { all: { availability: { min: '0%' } } },
  // So that calls are kept.
  recorded: { step: '50s', curves: { 'aws/us-east-1': [{ at: '0s', errorRate: 0 }] } },
});

const scenarioOf = (content: unknown): Scenario => {
  const { scenario, problems } = resolveScenario(content, 'incident');
  if (!scenario) throw new Error(JSON.stringify(problems));
  return scenario;
};

const rank = (sorted: readonly number[], share: number): number => sorted[Math.ceil(sorted.length * share) - 1]!;

/** What a dashboard would show of the calls: a row a second and region. */
const dashboard = (calls: readonly CallRecord[]): string => {
  const rows = [
    ...Map.groupBy(
      calls.filter(({ startMs }) => startMs >= 0 && startMs < 50_000),
      ({ linkId, startMs }) => `${linkId.split('/').slice(0, 2).join('/')},${Math.floor(startMs / 1000)}`,
    ),
  ].map(([key, own]) => {
    const [region, second] = key.split(',');
    const tookMs = own.map((call) => call.tookMs).sort((a, b) => a - b);
    const failed = own.filter(isFailedCall).length / own.length;
    const time = new Date(Date.UTC(2026, 9, 20, 6, 0, Number(second))).toISOString();
    return [time, region, own.length, failed.toFixed(4), rank(tookMs, 0.5).toFixed(2), rank(tookMs, 0.99).toFixed(2)].join(',');
  });
  return csvOf(rows, 'time,region,requests,error_rate,p50_ms,p99_ms');
};

const reproduced = async (faults: readonly object[]) => {
  const original = await pool.run(planRun(scenarioOf(incident(faults)), { seed: 1 }));
  const imported = importText('incident.csv', dashboard(original.calls!));
  const plan = planRun(scenarioOf(parse(imported.yaml)), { seed: 2 });
  const report: RunReport = judge(plan, await pool.run(plan), 'sim');
  return { imported, report, curve: (target: string) => report.curves!.find((one) => one.target === target)! };
};

describe('an incident that is run, exported, imported and run again', () => {
  it(
    'is the same incident',
    async () => {
      const { imported, report, curve } = await reproduced([
        { kind: 'error-burst', target: 'aws/us-east-1', at: '15s', for: '20s', burst: '1s', every: '1s', probability: 0.5 },
        { kind: 'latency-spike', target: 'google/us-east4', at: '20s', for: '15s', shape: 'constant', delay: '400ms' },
        { kind: 'region-outage', target: 'azure/eastus', at: '30s', for: '10s', mode: 'http-5xx' },
      ]);
      const shown = imported.draft.faults.map(({ kind, target, atMs, forMs }) => [kind, target, atMs, forMs]);
      expect(shown).toEqual([
        ['error-burst', 'aws/us-east-1', 15_000, 20_000],
        ['latency-spike', 'google/us-east4', 20_000, 15_000],
        ['region-outage', 'azure/eastus', 30_000, 10_000],
      ]);
      expect(Math.abs(imported.draft.faults[0]!.probability! - 0.5)).toBeLessThan(0.05);

      expect(report.verdict.outcome).toBe('passed');
      const [aws, google, azure] = ['aws/us-east-1', 'google/us-east4', 'azure/eastus'].map((target) => curve(target).difference);
      expect(aws!.errorRate).toMatchObject({ steps: 50, of: 50 });
      // Of thirty calls a second of which half fail, two runs differ by ten points on average; they do so in twenty of fifty seconds.
      expect(aws!.errorRate!.mean).toBeLessThan(0.06);
      expect(google!.errorRate!.mean).toBe(0);
      expect(azure!.errorRate!.mean).toBeLessThan(0.01);
      for (const { p50Ms } of [google!, azure!]) expect(p50Ms!.mean / p50Ms!.recordedMean).toBeLessThan(0.1);
    },
    LIMIT_MS,
  );
});
