import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planRun } from '../../../../harness/run.ts';
import { loadScenario } from '../../../../harness/scenario/load-scenario.ts';
import { judge } from '../../../../harness/verdict/judge.ts';
import { createSimPool, type SimPool } from '../../../../harness/world/sim/pool.ts';

let pool: SimPool;

beforeAll(() => {
  pool = createSimPool({ workers: 1 });
});

afterAll(() => pool.close());

const runOf = async (name: string, designName?: string, seed = 1) => {
  const plan = planRun(await loadScenario(name), { seed, ...(designName === undefined ? {} : { designName }) });
  const record = await pool.run(plan);
  const report = judge(plan, record, 'sim');
  const actual = (metric: string, phase: string) =>
    report.expectations.find((one) => one.metric === metric && one.phase === phase)?.actual ?? null;
  return { record, report, actual };
};

describe('a registry in the simulated world', { timeout: 60_000 }, () => {
  it('keeps what it has acknowledged through a split brain, and without fencing loses versions of one side', async () => {
    const good = await runOf('split-brain');
    expect(good.report.verdict).toEqual({ outcome: 'passed' });
    const bad = await runOf('split-brain', 'no-fencing');
    expect(bad.report.verdict.outcome).toBe('failed');
    expect(bad.actual('lostVersions', 'all')).toBeGreaterThan(0);
    expect(bad.actual('rpo', 'split-brain')).toBeGreaterThan(5000);
  });

  it('has a leader that hung acknowledge nothing when it wakes up; without fencing it takes its place back', async () => {
    const good = await runOf('paused-leader');
    expect(good.report.verdict).toEqual({ outcome: 'passed' });
    const events = good.record.events.map(({ text }) => text);
    const wakes = events.indexOf('node stack/us-east/registry goes on');
    expect(events.indexOf('registry us-west: leads, epoch 2')).toBeLessThan(wakes);
    expect(events.indexOf('registry us-east: leads no longer')).toBeGreaterThan(wakes);
    const bad = await runOf('paused-leader', 'no-fencing');
    expect(bad.report.verdict.outcome).toBe('failed');
    expect(bad.actual('lostVersions', 'all')).toBeGreaterThan(0);
  });

  it('answers by the version that it has, and refuses a spoilt one', async () => {
    const { record, report } = await runOf('registry-corrupt-artifact');
    expect(report.verdict).toEqual({ outcome: 'passed' });
    expect(record.events.map(({ text }) => text).join('\n')).toContain('the bytes at us-east have a wrong digest; refused');
  });

  it('is the same again with the same seed', async () => {
    const once = await runOf('dr-restore-from-backup', undefined, 7);
    const again = await runOf('dr-restore-from-backup', undefined, 7);
    expect(JSON.stringify(again.record)).toBe(JSON.stringify(once.record));
    const other = await runOf('dr-restore-from-backup', undefined, 8);
    expect(JSON.stringify(other.record.nodeRecords)).not.toBe(JSON.stringify(once.record.nodeRecords));
  });
});
