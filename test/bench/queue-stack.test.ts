import { afterAll, describe, expect, it } from 'vitest';
import { STACK_TOLERANCE, stackDifferences, stackFiguresOf } from '../../bench/queue/compare-stack.ts';
import { runSquallStack } from '../../bench/queue/squall-stack.ts';
import { STACK_QUEUE, stackParametersOf, stackPlan } from '../../bench/queue/stack.ts';
import { referenceDesign } from '../../harness/serving/design/reference.ts';
import { createSimPool } from '../../harness/world/sim/pool.ts';

const figures = { unansweredShare: 0.03, p50Ms: 90, meanMs: 100, hedgesPerRequest: 0.012, retriesPerRequest: 0.11 };

describe('two models of the stack', () => {
  it('are the same within the tolerance', () => {
    expect(stackDifferences(figures, { ...figures, p50Ms: 90 * (1 + STACK_TOLERANCE.p50 * 0.9) })).toEqual([]);
  });

  it.each([
    ['unanswered', { unansweredShare: 0.03 + STACK_TOLERANCE.unansweredShare * 1.1 }],
    ['p50', { p50Ms: 90 * (1 - STACK_TOLERANCE.p50 * 1.1) }],
    ['mean response', { meanMs: 100 * (1 + STACK_TOLERANCE.meanResponse * 1.1) }],
    ['hedges', { hedgesPerRequest: 0.012 - STACK_TOLERANCE.hedgesPerRequest * 1.1 }],
    ['retries', { retriesPerRequest: 0.11 + STACK_TOLERANCE.retriesPerRequest * 1.1 }],
  ])('are not the same when %s is out of it', (name, change) => {
    expect(stackDifferences({ ...figures, ...change }, figures)).toEqual([expect.stringContaining(name)]);
  });
});

describe('the stack with its policies on', () => {
  const pool = createSimPool({ workers: 1 });
  afterAll(() => pool.close());

  it('is told to other simulators with the figures of the run', () => {
    const plan = stackPlan(STACK_QUEUE, 1);
    const { regions, callerTimeoutMs, design, queue } = stackParametersOf(STACK_QUEUE, plan);
    expect(regions).toEqual(plan.scenario.topology.regions.map(({ rttMs }) => ({ rttMs, connectRoundTrips: 1 })));
    expect(callerTimeoutMs).toBe(plan.scenario.load.timeoutMs);
    expect(design).toEqual({ ...referenceDesign, degrade: false });
    expect(plan.scenario.topology.regions.map(({ capacity }) => capacity)).toEqual(
      regions.map(() => expect.objectContaining({ concurrency: queue.concurrency, queueLimit: queue.queueLimit })),
    );
  });

  it('has every policy that the agreement is about at work, within the retry budget', async () => {
    const { retry } = referenceDesign;
    if (retry === false) throw new Error('The reference design has retries.');
    const run = await runSquallStack(pool, { ...STACK_QUEUE, durationMs: 10_000 }, 1);
    const { unansweredShare, p50Ms, meanMs } = stackFiguresOf([run]);
    expect(run.hedges).toBeGreaterThan(0);
    expect(run.retries).toBeGreaterThan(0);
    // A run of the budget's own window.
    expect(run.hedges + run.retries).toBeLessThanOrEqual(retry.budgetRatio * run.requests + retry.budgetMinPerS * 10);
    expect(unansweredShare).toBeGreaterThan(0);
    expect(unansweredShare).toBeLessThan(0.1);
    expect(p50Ms).toBeGreaterThan(STACK_QUEUE.serviceTimeMs);
    expect(meanMs).toBeGreaterThan(p50Ms);
  });
});
