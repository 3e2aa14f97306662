import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlowStart } from '../../../harness/serving/slow-start.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const policy = { windowMs: 10_000, minShare: 0.1, aggression: 1 };

/** Offers so many requests at this moment. @returns how many it takes */
const offer = (slowStart: ReturnType<typeof createSlowStart>, count: number): number =>
  Array.from({ length: count }, () => slowStart.holdsBack()).filter((isHeld) => !isHeld).length;

const back = (parts: Partial<typeof policy> = {}) => {
  const slowStart = createSlowStart({ ...policy, ...parts });
  slowStart.see(true);
  slowStart.see(false);
  slowStart.see(true);
  return slowStart;
};

describe('slow start', () => {
  it('holds nothing back from a link that was never out, nor without the policy', () => {
    const slowStart = createSlowStart(policy);
    slowStart.see(true);
    expect(offer(slowStart, 10)).toBe(10);
    const off = createSlowStart(false);
    off.see(false);
    off.see(true);
    expect(offer(off, 10)).toBe(10);
  });

  it('gives a link that is back its least share, a share that grows with the window, and all at its end', () => {
    const slowStart = back();
    expect(offer(slowStart, 100)).toBeCloseTo(10, -0.5);
    vi.advanceTimersByTime(5000);
    expect(offer(slowStart, 100)).toBeCloseTo(50, -0.5);
    slowStart.see(true);
    vi.advanceTimersByTime(5000);
    expect(offer(slowStart, 100)).toBe(100);
  });

  it('begins anew when the link goes out once more', () => {
    const slowStart = back();
    vi.advanceTimersByTime(9000);
    slowStart.see(false);
    slowStart.see(true);
    expect(offer(slowStart, 100)).toBeCloseTo(10, -0.5);
  });

  it('takes the share of the formula, evenly: never more than one off', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 9999 }),
        fc.double({ min: 0.5, max: 4, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (ms, aggression, count) => {
          vi.setSystemTime(0);
          const slowStart = back({ aggression });
          vi.advanceTimersByTime(ms);
          const share = Math.max(0.1, (ms / 10_000) ** (1 / aggression));
          expect(Math.abs(offer(slowStart, count) - share * count)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
