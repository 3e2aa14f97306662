import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { exploreBounds } from '../../../harness/explore/bounds.ts';
import { retryBudgetKept } from '../../../harness/explore/invariants/retry-budget-kept.ts';
import type { Design } from '../../../harness/serving/config.ts';
import { createRetryBudget } from '../../../harness/serving/retry-budget.ts';
import type { ExchangeObservation } from '../../../harness/world/sim/observations.ts';
import { explorablePlan, noObservations, observedWell } from '../../support/explore.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const LINK = 'aws/us-east-1/sagemaker-runtime';
const UNTIL_MS = 25_000;

interface Stretch {
  readonly lengthMs: number;
  /** Between two requests, milliseconds: load comes in waves, so that the share of an earlier window is not that of a later one. */
  readonly everyMs: number;
  /** Of each request, when it wants to be tried again, after it came. */
  readonly wantMs: readonly number[];
  /** Back-offs before the retries of the stretch, as a share of the longest. */
  readonly backoffs: readonly number[];
}

const stretch = fc.record({
  lengthMs: fc.integer({ min: 500, max: 6000 }),
  everyMs: fc.integer({ min: 8, max: 400 }),
  wantMs: fc.array(fc.integer({ min: 1, max: 9900 }), { maxLength: 2 }),
  backoffs: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
});

type Policy = Exclude<Design['retry'], false>;

/** What is seen on the wire of a stack that asks a budget before each retry, and waits for its back-off then. */
const play = (stretches: readonly Stretch[], policy: Policy, mostBackoffMs: number) => {
  const wishes: { atMs: number; sampleIndex: number; delayMs: number | undefined }[] = [];
  let atMs = 0;
  let sampleIndex = 0;
  for (const { lengthMs, everyMs, wantMs, backoffs } of stretches) {
    for (const endMs = atMs + lengthMs; atMs < Math.min(endMs, UNTIL_MS); atMs += everyMs, sampleIndex += 1) {
      wishes.push({ atMs, sampleIndex, delayMs: undefined });
      for (const [index, ms] of wantMs.entries()) {
        const delayMs = backoffs[(sampleIndex + index) % backoffs.length]! * mostBackoffMs;
        wishes.push({ atMs: atMs + ms, sampleIndex, delayMs });
      }
    }
  }
  const budget = createRetryBudget(policy);
  const exchanges: ExchangeObservation[] = [];
  let nowMs = 0;
  for (const wish of wishes.sort((a, b) => a.atMs - b.atMs)) {
    vi.advanceTimersByTime(wish.atMs - nowMs);
    nowMs = wish.atMs;
    if (wish.delayMs === undefined) budget.onRequest();
    else if (!budget.tryTake()) continue;
    exchanges.push({ linkId: LINK, atMs: wish.atMs + (wish.delayMs ?? 0), about: wish.sampleIndex, end: '503' });
  }
  const requests = wishes
    .filter(({ delayMs }) => delayMs === undefined)
    .map((wish) => ({
      ...observedWell(wish.atMs),
      sampleIndex: wish.sampleIndex,
      deadlineAtMs: null,
      answeredAtMs: wish.atMs + 2000,
    }));
  return { ...noObservations, requests, exchanges: exchanges.sort((a, b) => a.atMs - b.atMs) };
};

const policyOf = (budgetRatio: number, budgetMinPerS: number, maxBackoffMs: number): Policy => ({
  maxRetries: 2,
  initialBackoffMs: 10,
  budgetRatio,
  budgetMinPerS,
  maxBackoffMs,
});

/** What the rule says of a stack with that budget, where the design has `promised`. */
const judge = (stretches: readonly Stretch[], actual: Policy, promised: Policy): readonly string[] => {
  const plan = explorablePlan();
  const design = { ...plan.design, retry: promised };
  const observations = play(stretches, actual, promised.maxBackoffMs);
  const record = { startedAt: '', requests: [], events: [], usage: [], end: { type: 'completed' } as const };
  return retryBudgetKept.check({
    plan: { ...plan, design },
    record,
    observations,
    bounds: exploreBounds(plan.scenario),
    touched: [],
  });
};

/** Retries that are taken from the budget at the last moment at which a burst allows for them, and sent when it is out of the window. */
const afterBurst: Stretch = { lengthMs: 500, everyMs: 8, wantMs: [9400], backoffs: [1] };

it('never blames a stack that keeps its budget, however load and back-offs go', () => {
  fc.assert(
    fc.property(
      fc.array(stretch, { minLength: 1, maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom(0, 100, 2000),
      (stretches, ratio, minPerS, backoffMs) => {
        const policy = policyOf(ratio, minPerS, backoffMs);
        expect(judge(stretches, policy, policy)).toEqual([]);
      },
    ),
    { numRuns: 150, examples: [[[afterBurst], 1, 0, 2000]] },
  );
});

it('blames a stack whose budget is an eighth too large', () => {
  const steady: Stretch = { lengthMs: UNTIL_MS, everyMs: 20, wantMs: [50, 300], backoffs: [0, 0.5, 1] };
  const promised = policyOf(0.2, 0, 100);
  expect(judge([steady], promised, promised)).toEqual([]);
  expect(judge([steady], policyOf(0.225, 0, 100), promised)[0]).toContain('and the budget allows');
});
