import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTraceCutter, formatGaps, fullestWindow, type TracePart } from '../../../harness/load/recorded.ts';

const cut = (recordedUs: readonly number[], part: Partial<TracePart> = {}) => {
  const cutter = createTraceCutter({ from: 0, speed: 1, durationMs: 1000, maxCount: 1000, ...part });
  const taken = recordedUs.findIndex((us) => !cutter.take(us));
  return { timesUs: cutter.timesUs(), taken: taken < 0 ? recordedUs.length : taken + 1 };
};

const recorded = fc.array(fc.nat(3_000_000), { maxLength: 60 }).map((times) => times.toSorted((a, b) => a - b));

describe('the part of a trace that a timeline shows', () => {
  it('begins at its 0, and ends with the timeline, beyond which nothing is read', () => {
    expect(cut([0, 10, 10, 999_999, 1_000_000, 1_000_001])).toEqual({ timesUs: [0, 10, 10, 999_999], taken: 5 });
  });

  it('can begin later, or with the first arrival', () => {
    expect(cut([5, 400_000, 1_000_000], { from: 300_000 }).timesUs).toEqual([100_000, 700_000]);
    expect(cut([1_700_000_000_000_000, 1_700_000_000_000_500], { from: 'first' }).timesUs).toEqual([0, 500]);
  });

  it('can be played faster or slower', () => {
    expect(cut([0, 1_500_000, 2_000_000], { speed: 2 }).timesUs).toEqual([0, 750_000]);
    expect(cut([0, 1, 400_000, 600_000], { speed: 0.5 }).timesUs).toEqual([0, 2, 800_000]);
  });

  it('is played again from the length on that is said, which cuts it too', () => {
    expect(cut([0, 100_000, 450_000], { repeatEveryUs: 400_000 }).timesUs).toEqual([
      0, 100_000, 400_000, 500_000, 800_000, 900_000,
    ]);
    expect(cut([], { repeatEveryUs: 400_000 }).timesUs).toEqual([]);
  });

  it('is one more than may be, when it is too much', () => {
    expect(cut([1, 2, 3, 4], { maxCount: 2 })).toEqual({ timesUs: [1, 2, 3], taken: 3 });
    expect(cut([1], { repeatEveryUs: 10, maxCount: 2 }).timesUs).toEqual([1, 11, 21]);
  });

  it('has each arrival of it once, in order and in whole microseconds', () => {
    const speed = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(recorded, speed, fc.nat(2_000_000), (recordedUs, speed, fromUs) => {
        const { timesUs } = cut(recordedUs, { speed, from: fromUs });
        const expected = recordedUs
          .filter((us) => us >= fromUs)
          .map((us) => Math.round((us - fromUs) / speed))
          .filter((us) => us < 1_000_000);
        expect(timesUs).toEqual(expected);
      }),
    );
  });

  it('has, again and again, as many arrivals as whole rounds and a part of one have', () => {
    const roundUs = fc.integer({ min: 50_000, max: 2_000_000 });
    fc.assert(
      fc.property(recorded, roundUs, (recordedUs, repeatEveryUs) => {
        const { timesUs } = cut(recordedUs, { repeatEveryUs, maxCount: 100_000 });
        const countBelow = (us: number) => recordedUs.filter((time) => time < us).length;
        const rounds = Math.floor(1_000_000 / repeatEveryUs);
        expect(timesUs.length).toBe(rounds * countBelow(repeatEveryUs) + countBelow(1_000_000 % repeatEveryUs));
        expect(timesUs).toEqual(timesUs.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('the fullest window', () => {
  it('has no fewer arrivals than any other, and that many', () => {
    fc.assert(
      fc.property(recorded, fc.integer({ min: 1, max: 2000 }), (timesUs, windowMs) => {
        const within = (startUs: number) => timesUs.filter((us) => us >= startUs && us < startUs + windowMs * 1000).length;
        const { count, startUs } = fullestWindow(timesUs, windowMs);
        expect(count).toBe(Math.max(0, ...timesUs.map(within)));
        expect(within(startUs)).toBe(count);
      }),
    );
  });
});

it('the gaps of arrivals add up to them', () => {
  fc.assert(
    fc.property(recorded, (timesUs) => {
      let atUs = 0;
      const gaps = formatGaps(timesUs).split(' ').filter(Boolean).map(Number);
      expect(gaps.map((gap) => (atUs += gap))).toEqual(timesUs);
    }),
  );
});
