import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRetryBudget } from '../../../harness/serving/retry-budget.ts';

const policy = { maxRetries: 2, budgetRatio: 0.1, budgetMinPerS: 5, initialBackoffMs: 10, maxBackoffMs: 100 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const takeAll = (budget: ReturnType<typeof createRetryBudget>): number => {
  let taken = 0;
  while (taken < 10_000 && budget.tryTake()) taken += 1;
  return taken;
};

describe('the retry budget', () => {
  it('allows the minimum without requests, ten seconds of it at once', () => {
    expect(takeAll(createRetryBudget(policy))).toBe(50);
  });

  it('allows a share of the requests beside the minimum', () => {
    const budget = createRetryBudget(policy);
    for (let n = 0; n < 1000; n += 1) budget.onRequest();
    expect(takeAll(budget)).toBe(150);
  });

  it('forgets requests and retries after ten seconds', () => {
    const budget = createRetryBudget(policy);
    for (let n = 0; n < 1000; n += 1) budget.onRequest();
    takeAll(budget);
    vi.advanceTimersByTime(9800);
    expect(takeAll(budget)).toBe(0);
    vi.advanceTimersByTime(300);
    expect(takeAll(budget)).toBe(50);
  });

  it('is without limit when there is no retry policy', () => {
    expect(takeAll(createRetryBudget(false))).toBe(10_000);
  });

  it('is never exceeded, whatever the pattern of requests and failures', () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 12_000 }) }),
      fc.record({ type: fc.constant('requests' as const), count: fc.integer({ min: 1, max: 200 }) }),
      fc.record({ type: fc.constant('failures' as const), count: fc.integer({ min: 1, max: 200 }) }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 20 }),
        (steps, budgetRatio, budgetMinPerS) => {
          const budget = createRetryBudget({ ...policy, budgetRatio, budgetMinPerS });
          const requestedAtMs: number[] = [];
          const takenAtMs: number[] = [];
          for (const what of steps) {
            if (what.type === 'wait') vi.advanceTimersByTime(what.ms);
            else if (what.type === 'requests') {
              for (let n = 0; n < what.count; n += 1) {
                budget.onRequest();
                requestedAtMs.push(performance.now());
              }
            } else {
              for (let n = 0; n < what.count; n += 1) if (budget.tryTake()) takenAtMs.push(performance.now());
            }
            // The window moves on in steps of 100 ms: what it still holds is at least the last 9.9 s, at most the last 10 s.
            const now = performance.now();
            const taken = takenAtMs.filter((atMs) => now - atMs < 9900).length;
            const requests = requestedAtMs.filter((atMs) => now - atMs <= 10_000).length;
            const newlyTaken = what.type === 'failures' && takenAtMs.at(-1) === now;
            if (newlyTaken) expect(taken).toBeLessThanOrEqual(budgetRatio * requests + budgetMinPerS * 10 + 1e-9);
          }
        },
      ),
    );
  });
});
