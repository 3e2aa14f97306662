import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStopWatch, type StopCondition } from '../../../harness/verdict/stop-conditions.ts';
import { aLoad, requestsAt, unanswered } from '../../support/records.ts';

const load = aLoad({ timeoutMs: 2_000, goodWithinMs: 500 });
const AVAILABLE: StopCondition = { metric: 'availability', min: 0.5, forMs: 2_000 };

/** Feeds requests as they end, a batch each 50 ms. @returns when it said stop, and why */
const stoppedAt = (conditions: readonly StopCondition[], requests: ReturnType<typeof requestsAt>, untilMs = 20_000) => {
  const watch = createStopWatch(conditions, load);
  const byEnd = requests.toSorted((a, b) => a.endMs - b.endMs);
  for (let nowMs = -1_000; nowMs <= untilMs; nowMs += 50) {
    const reason = watch.add(
      byEnd.filter(({ endMs }) => endMs > nowMs - 50 && endMs <= nowMs),
      nowMs,
    );
    if (reason !== undefined) return { nowMs, reason };
  }
  return undefined;
};

const outageFrom = (atMs: number) => [...requestsAt(50, -1_000, atMs), ...requestsAt(50, atMs, 20_000, unanswered)];

describe('a stop condition', () => {
  it('ends the run once its bound has been broken over its time', () => {
    const stopped = stoppedAt([AVAILABLE], outageFrom(8_000))!;
    // Half of the last two seconds failed after one second.
    expect(stopped.nowMs).toBeGreaterThanOrEqual(9_000);
    expect(stopped.nowMs).toBeLessThanOrEqual(9_300);
    expect(stopped.reason).toMatch(/^abortWhen: availability was \d+(\.\d+)? % over 2000 ms, below 50 %$/);
  });

  it('does not while the bound holds, nor for what happened in the warm-up', () => {
    expect(stoppedAt([AVAILABLE], requestsAt(50, -1_000, 20_000))).toBeUndefined();
    expect(stoppedAt([AVAILABLE], [...requestsAt(50, -1_000, 0, unanswered), ...requestsAt(50, 0, 20_000)])).toBeUndefined();
  });

  it('concludes nothing from a few requests', () => {
    expect(stoppedAt([AVAILABLE], requestsAt(4, 0, 20_000, unanswered))).toBeUndefined();
  });

  it.each([
    [{ metric: 'p99', max: 300, forMs: 1_000 }, { latencyMs: 400 }],
    [{ metric: 'goodput', min: 20, forMs: 1_000 }, { latencyMs: 700 }],
    [{ metric: 'p50', max: 100, forMs: 1_000 }, { latencyMs: 101 }],
  ] as const)('%j', (condition, alike) => {
    const slow = [...requestsAt(50, 0, 5_000), ...requestsAt(50, 5_000, 20_000, alike)];
    const stopped = stoppedAt([condition], slow);
    expect(stopped?.nowMs).toBeGreaterThan(5_000);
    expect(stopped?.nowMs).toBeLessThan(7_000);
    expect(stoppedAt([condition], requestsAt(50, 0, 20_000))).toBeUndefined();
  });

  it('is never earlier for a lower bound, nor for a longer time', () => {
    const never = Number.POSITIVE_INFINITY;
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 12_000 }),
        fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 })),
        fc.integer({ min: 500, max: 4_000 }),
        (atMs, [a, b], forMs) => {
          const at = (min: number, over: number) =>
            stoppedAt([{ metric: 'availability', min: min / 100, forMs: over }], outageFrom(atMs))?.nowMs ?? never;
          expect(at(Math.min(a, b), forMs)).toBeGreaterThanOrEqual(at(Math.max(a, b), forMs));
        },
      ),
      { numRuns: 25 },
    );
  });
});
