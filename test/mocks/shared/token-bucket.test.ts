import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTokenBucket } from '../../../mocks/shared/token-bucket.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const rate = fc.double({ min: 0.1, max: 500, noNaN: true });
const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 3000 })), {
  minLength: 1,
  maxLength: 150,
});

/** When a token was taken, milliseconds, by a caller who asks after each of the gaps. */
const takenAt = (ratePerS: number, gapsMs: readonly number[]) => {
  const bucket = createTokenBucket(ratePerS);
  const times: number[] = [];
  for (const gapMs of gapsMs) {
    vi.advanceTimersByTime(gapMs);
    if (bucket.tryTake()) times.push(performance.now());
  }
  return times;
};

describe('a token bucket', () => {
  test('gives no more than a bucketful and the rate in any stretch of time', () => {
    fc.assert(
      fc.property(rate, gaps, (ratePerS, gapsMs) => {
        const times = takenAt(ratePerS, gapsMs);
        const bucketful = Math.max(1, ratePerS);
        times.forEach((from, first) => {
          for (let last = first; last < times.length; last += 1) {
            const windowS = ((times[last] ?? 0) - from) / 1000;
            expect(last - first + 1).toBeLessThanOrEqual(bucketful + ratePerS * windowS + 1e-6);
          }
        });
      }),
      { numRuns: 50 },
    );
  });

  test('withholds nothing: who asks at the rate or slower always gets a token', () => {
    fc.assert(
      fc.property(rate, fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 100 }), (ratePerS, slackMs) => {
        const gapsMs = slackMs.map((slack) => Math.ceil(1000 / ratePerS) + slack);
        expect(takenAt(ratePerS, gapsMs)).toHaveLength(gapsMs.length);
      }),
      { numRuns: 50 },
    );
  });

  test('starts full, with one second’s worth', () => {
    expect(takenAt(5, new Array(20).fill(0))).toHaveLength(5);
    expect(takenAt(0.2, new Array(20).fill(0))).toHaveLength(1);
  });

  test('holds what it is told to hold', () => {
    const bucket = createTokenBucket(2, 5);
    const take = (count: number) => Array.from({ length: count }, () => bucket.tryTake()).filter(Boolean).length;
    expect(take(10)).toBe(5);
    vi.advanceTimersByTime(60_000);
    expect(take(10)).toBe(5);
  });
});
