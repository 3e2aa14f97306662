import { describe, expect, it } from 'vitest';
import { MAX_RUNS, type Runner, runComparison } from '../../../harness/compare/run-comparison.ts';
import { variantsOf } from '../../../harness/compare/variants.ts';
import { SquallError } from '../../../harness/errors.ts';
import type { RunPlan } from '../../../harness/world/world.ts';
import { aRecord } from '../../support/records.ts';
import { simPlan } from '../../support/sim-plan.ts';

const { scenario } = simPlan();
const names = ['reference', 'no-retry', 'no-hedging'];

/** Compares three designs with what a runner of the test's own gives. */
const compare = (
  run: (plan: RunPlan) => ReturnType<Runner['run']>,
  seeds: readonly number[],
  width = 2,
  signal = new AbortController().signal,
) =>
  runComparison(
    { scenario, variants: variantsOf(scenario, names, []), knobs: [], seeds },
    { runner: { world: 'sim', width, run }, signal },
  );

const asked = async (seeds: readonly number[], width: number) => {
  const plans: string[] = [];
  await compare(
    async (plan) => {
      plans.push(`${plan.designName} ${plan.seed}`);
      return aRecord();
    },
    seeds,
    width,
  );
  return plans;
};

describe('a comparison', () => {
  it('runs every design with every seed, seed by seed', async () => {
    expect(await asked([7, 8], 1)).toEqual([
      'reference 7',
      'no-retry 7',
      'no-hedging 7',
      'reference 8',
      'no-retry 8',
      'no-hedging 8',
    ]);
  });

  it('gives each run the design as it was patched', async () => {
    const retries: unknown[] = [];
    await compare(
      async ({ design }) => {
        retries.push(design.retry);
        return aRecord();
      },
      [1],
    );
    expect(retries.map((retry) => retry === false)).toEqual([false, true, false]);
  });

  it('has no more runs at a time than the runner is wide', async () => {
    let now = 0;
    let most = 0;
    await compare(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await Promise.resolve();
        now -= 1;
        return aRecord();
      },
      [1, 2, 3],
      2,
    );
    expect(most).toBe(2);
  });

  it('goes on when one run breaks, which is then invalid with its reason', async () => {
    const report = await compare(
      async ({ designName }) => {
        if (designName === 'no-retry')
          throw new SquallError('GATEWAY_FAILED', 'The simulation took longer than 600 s of real time.');
        return aRecord();
      },
      [1],
    );
    expect(report.variants.map(({ verdict }) => verdict.outcome === 'invalid')).toEqual([false, true, false]);
    expect(report.variants[1]!.verdict.reasons).toEqual(['The simulation took longer than 600 s of real time.']);
  });

  it('stops at an error that is no one run’s', async () => {
    let runs = 0;
    const refused = compare(
      async () => {
        runs += 1;
        throw new SquallError('UNSUPPORTED', 'sim has no such fault');
      },
      [1, 2, 3],
      1,
    );
    await expect(refused).rejects.toThrow('sim has no such fault');
    expect(runs).toBe(1);
  });

  it('has what was run when it is interrupted, and nothing of the run that was under way', async () => {
    const controller = new AbortController();
    let runs = 0;
    const report = await compare(
      async () => {
        runs += 1;
        if (runs < 5) return aRecord();
        controller.abort();
        throw new Error('The pool is closed.');
      },
      [1, 2],
      1,
      controller.signal,
    );
    expect(report.end).toEqual({ type: 'interrupted', runs: 4, ofRuns: 6 });
    expect(report.variants.map((variant) => variant.runs.length)).toEqual([2, 1, 1]);
  });

  it('refuses more runs than anybody waits for', async () => {
    await expect(
      compare(
        async () => aRecord(),
        Array.from({ length: MAX_RUNS }, (_, seed) => seed),
      ),
    ).rejects.toThrow(/6000 runs/);
  });
});
