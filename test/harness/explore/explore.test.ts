import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../harness/explore/explore.ts';
import { type ExploreOptions, explore } from '../../../harness/explore/explore.ts';
import type { RequestRecord } from '../../../harness/load/sample.ts';
import type { RunPlan } from '../../../harness/world/world.ts';
import { explorablePlan, fakeSimulator, wellServed } from '../../support/explore.ts';

const search = (simulator: Simulator, plan: RunPlan = explorablePlan(), options: Partial<ExploreOptions> = {}) =>
  explore(plan, {
    simulator,
    budget: { type: 'count', count: 300 },
    shard: { index: 1, of: 1 },
    width: 4,
    signal: new AbortController().signal,
    nowMs: () => performance.now(),
    ...options,
  });

const lost = (dueMs: number): RequestRecord => ({
  ...wellServed(dueMs),
  outcome: 'http-error',
  status: 503,
  servedBy: '',
  isCorrect: null,
});

/** A stack that two seconds and more of a blackholed primary region break for good. */
const fragile = fakeSimulator((dueMs, { scenario: { faults } }) => {
  const isBroken = faults.some(
    ({ kind, targets, atMs, forMs, settings }) =>
      kind === 'region-outage' &&
      settings.mode === 'blackhole' &&
      forMs >= 2000 &&
      targets.includes('aws/us-east-1') &&
      dueMs >= atMs,
  );
  return isBroken ? lost(dueMs) : wellServed(dueMs);
});

describe('explore', () => {
  it('finds nothing where nothing breaks, and has looked at all that it may', async () => {
    const simulator = fakeSimulator();
    const result = await search(simulator);
    expect(result).toMatchObject({ judged: 300, ended: 'budget', finding: undefined });
    expect(simulator.plans.length).toBe(result.runs);
  });

  it('begins with no fault at all', async () => {
    const broken = fakeSimulator(lost);
    const { finding, judged } = await search(broken, explorablePlan(), { width: 1 });
    expect(judged).toBe(1);
    expect(finding).toMatchObject({ schedule: [], path: '0' });
    expect(finding!.violations.map(({ rule }) => rule)).toContain('expect all.availability');
  });

  it('finds what breaks a stack, and shrinks it to the one fault that does', async () => {
    const { finding } = await search(fragile);
    expect(['fails-over', 'recovers']).toContain(finding!.violations[0]!.rule);
    const [fault, ...others] = finding!.schedule;
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ kind: 'region-outage', targets: ['aws/us-east-1'], settings: { mode: 'blackhole' } });
    // Nothing that the failure does not need is left.
    expect(Object.keys(fault!.settings)).toEqual(['mode']);
    expect(fault).not.toHaveProperty('probability');
    expect(finding!.isMinimal).toBe(true);
  });

  it('finds the same by the same path whatever the width, and whoever is quicker', async () => {
    const slow = fakeSimulator(
      (dueMs, plan) => (plan.scenario.faults.some(({ kind }) => kind === 'region-outage') ? lost(dueMs) : wellServed(dueMs)),
      ({ scenario: { faults } }) => (faults.length * 7) % 5,
    );
    const withoutTimes = async (width: number) => {
      const { finding } = await search(slow, explorablePlan(), { width });
      return finding;
    };
    const narrow = await withoutTimes(1);
    expect(narrow).toBeDefined();
    expect(await withoutTimes(2)).toEqual(narrow);
    expect(await withoutTimes(7)).toEqual(narrow);
  });

  it('shrinks by the rule that was broken first, not to another failure', async () => {
    // One fault loses requests; any fault at all leaves an answer unmarked.
    const simulator = fakeSimulator((dueMs, { scenario: { faults } }) => {
      if (faults.length >= 2 && dueMs === 100) return { ...wellServed(dueMs), servedBy: 'somebody' };
      return faults.length >= 1 ? lost(dueMs) : wellServed(dueMs);
    });
    const only2 = await search(
      simulator,
      explorablePlan({ explore: { except: ['fails-over', 'recovers'], expect: { all: { availability: { min: 0 } } } } }),
    );
    expect(only2.finding!.schedule).toHaveLength(2);
    expect(only2.finding!.violations[0]!.rule).toBe('degraded-marked');
  });

  it('ends early when it is interrupted, with what it has', async () => {
    const interrupt = new AbortController();
    const simulator = fakeSimulator(wellServed, () => {
      if (simulator.plans.length === 10) interrupt.abort();
      return 0;
    });
    const result = await search(simulator, explorablePlan(), { signal: interrupt.signal });
    expect(result.ended).toBe('interrupted');
    expect(result.judged).toBeLessThan(20);
  });

  it('tells how far it is', async () => {
    const told: string[] = [];
    await search(fragile, explorablePlan(), { onProgress: ({ stage }) => void told.push(stage) });
    expect(new Set(told)).toEqual(new Set(['searching', 'shrinking']));
  });

  it('refuses a timeline without room for a fault and a recovery', async () => {
    const plan = explorablePlan({ explore: { from: '20s', until: '20500ms' } });
    await expect(search(fakeSimulator(), plan)).rejects.toThrow('leaves 500 ms for faults');
  });
});
