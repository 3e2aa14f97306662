import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLinkLimit, FLOOR } from '../../../../harness/serving/admission/link-limit.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/**
 * A link with so many slots, as seen by a caller who always has as many attempts under way as the limit allows: each takes what Little's law says.
 * @returns the limit after that many windows
 */
const saturate = (limit: ReturnType<typeof createLinkLimit>, slots: number, serviceMs: number, windows: number): number => {
  for (let window = 0; window < windows; window += 1) {
    const inFlight = limit.value;
    const latencyMs = Math.max(serviceMs, (inFlight / slots) * serviceMs);
    vi.advanceTimersByTime(100);
    for (let attempt = 0; attempt < 8; attempt += 1) limit.record({ latencyMs, inFlight, isDropped: false });
  }
  return limit.value;
};

describe('the limit of a link', () => {
  it('settles where queueing adds the target to an answer, for links that get much done and little', () => {
    // 2 slots of 20 ms get 0.1 a millisecond done: 70 ms each makes 7 under way. With 4, at first, an answer takes 40 ms already.
    expect(saturate(createLinkLimit(50, 1000), 2, 20, 60)).toBeGreaterThanOrEqual(6);
    expect(saturate(createLinkLimit(50, 1000), 2, 20, 60)).toBeLessThanOrEqual(10);
    const large = saturate(createLinkLimit(50, 1000), 50, 20, 120);
    expect(large).toBeGreaterThan(50);
    expect(large).toBeLessThan(200);
  });

  it('does not grow while it is not in the way', () => {
    const limit = createLinkLimit(50, 1000);
    const before = limit.value;
    for (let attempt = 0; attempt < 100; attempt += 1) {
      vi.advanceTimersByTime(20);
      limit.record({ latencyMs: 20, inFlight: 1, isDropped: false });
    }
    expect(limit.value).toBe(before);
  });

  it('shrinks within half a second when the link gets slower, and comes back when it recovers', () => {
    const limit = createLinkLimit(50, 1000);
    const before = saturate(limit, 20, 20, 60);
    const slow = saturate(limit, 2, 20, 5);
    expect(slow).toBeLessThan(before / 4);
    expect(saturate(limit, 20, 20, 60)).toBeGreaterThan(before / 2);
  });

  it('shrinks when attempts are dropped, and takes a few drops for bad luck', () => {
    const dropping = (share: number) => {
      const limit = createLinkLimit(50, 1000);
      saturate(limit, 20, 20, 40);
      const before = limit.value;
      for (let attempt = 0; attempt < 300; attempt += 1) {
        vi.advanceTimersByTime(1);
        const isDropped = Math.floor((attempt + 1) * share) > Math.floor(attempt * share);
        limit.record({ latencyMs: 20, inFlight: 1, isDropped });
      }
      return limit.value / before;
    };
    expect(dropping(0.5)).toBeLessThan(0.9);
    expect(dropping(0.05)).toBe(1);
    expect(dropping(1)).toBeLessThan(0.9);
  });

  it('believes at its floor that a link has become slower for good, and serves by it again', () => {
    const limit = createLinkLimit(50, 1000);
    saturate(limit, 10, 20, 40);
    // 300 ms more, whatever is under way: another region answers in its place.
    for (let window = 0; window < 60; window += 1) {
      vi.advanceTimersByTime(100);
      for (let attempt = 0; attempt < 8; attempt += 1) limit.record({ latencyMs: 320, inFlight: limit.value, isDropped: false });
    }
    expect(limit.value).toBeGreaterThan(20);
  });

  it('is never below the floor nor above the maximum, whatever is recorded', () => {
    const attempts = fc.array(
      fc.record({
        latencyMs: fc.double({ min: 0.01, max: 5000, noNaN: true }),
        inFlight: fc.integer({ min: 1, max: 100 }),
        isDropped: fc.boolean(),
        passMs: fc.integer({ min: 0, max: 200 }),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(attempts, fc.integer({ min: 1, max: 50 }), (seen, max) => {
        const limit = createLinkLimit(50, max);
        for (const { passMs, ...attempt } of seen) {
          vi.advanceTimersByTime(passMs);
          limit.record(attempt);
          expect(limit.value).toBeGreaterThanOrEqual(Math.min(FLOOR, max));
          expect(limit.value).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});
