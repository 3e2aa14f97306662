import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { courseOf, mostExpectedWithin, peakOf, until } from '../../../harness/load/course.ts';
import type { Burst, RateStage } from '../../../harness/scenario/scenario.ts';
import { burstArbitrary, rateAt, stageArbitrary } from '../../support/rates.ts';

const steady = (perS: number, forMs = 10_000): RateStage => ({ forMs, fromPerS: perS, toPerS: perS });
const burst = (changes: Partial<Burst>): Burst => ({
  atMs: 2000,
  forMs: 500,
  everyMs: 0,
  count: 1,
  multiplier: 1,
  addPerS: 0,
  ...changes,
});

describe('the course of a rate', () => {
  it('is the stages, and the last rate held, where nothing bursts', () => {
    expect(courseOf([steady(5, 1000)])).toEqual([steady(5, 1000), steady(5, Number.POSITIVE_INFINITY)]);
  });

  it('rises for each burst, by a multiple or by a rate', () => {
    const course = courseOf(
      [steady(100)],
      [burst({ multiplier: 3, everyMs: 4000, count: 2 }), burst({ atMs: 4000, addPerS: 50 })],
    );
    expect(course.map(({ forMs, fromPerS }) => [forMs, fromPerS])).toEqual([
      [2000, 100],
      [500, 300],
      [1500, 100],
      [500, 150],
      [1500, 100],
      [500, 300],
      [3500, 100],
      [Number.POSITIVE_INFINITY, 100],
    ]);
  });

  it('adds what overlaps after it has multiplied', () => {
    const course = courseOf([steady(10)], [burst({ multiplier: 2 }), burst({ addPerS: 7 }), burst({ multiplier: 3 })]);
    expect(peakOf(course)).toBe(67);
  });

  it('follows a ramp, also beyond the last stage', () => {
    const course = courseOf([{ forMs: 4000, fromPerS: 0, toPerS: 40 }], [burst({ forMs: 4000, multiplier: 2 })]);
    expect(course).toEqual([
      { forMs: 2000, fromPerS: 0, toPerS: 20 },
      { forMs: 2000, fromPerS: 40, toPerS: 80 },
      { forMs: 2000, fromPerS: 80, toPerS: 80 },
      steady(40, Number.POSITIVE_INFINITY),
    ]);
  });

  it('is at any moment what stages and bursts say', () => {
    fc.assert(
      fc.property(
        fc.array(stageArbitrary, { minLength: 1, maxLength: 4 }),
        fc.array(burstArbitrary, { maxLength: 4 }),
        fc.nat(20_000),
        (stages, bursts, ms) => {
          // Between two whole milliseconds, where no edge lies.
          const atMs = ms + 0.5;
          let startMs = 0;
          const piece = courseOf(stages, bursts).find(({ forMs }) => {
            startMs += forMs;
            return atMs < startMs;
          })!;
          const share = piece.forMs === Number.POSITIVE_INFINITY ? 0 : (atMs - (startMs - piece.forMs)) / piece.forMs;
          expect(piece.fromPerS + (piece.toPerS - piece.fromPerS) * share).toBeCloseTo(rateAt(stages, bursts, atMs), 6);
        },
      ),
    );
  });

  it('is cut where the timeline ends', () => {
    expect(until(courseOf([{ forMs: 1000, fromPerS: 0, toPerS: 10 }]), 500)).toEqual([{ forMs: 500, fromPerS: 0, toPerS: 5 }]);
    expect(until(courseOf([steady(3, 1000)]), 1500)).toEqual([steady(3, 1000), steady(3, 500)]);
  });
});

describe('most arrivals that are expected within a window', () => {
  it('are those of the peak rate when it lasts, and fewer when it does not', () => {
    expect(mostExpectedWithin(courseOf([steady(100)]), 2500)).toBeCloseTo(250);
    expect(mostExpectedWithin(courseOf([steady(100)], [burst({ multiplier: 10 })]), 2500)).toBeCloseTo(700);
    expect(
      mostExpectedWithin(courseOf([steady(0)], [burst({ addPerS: 100, forMs: 200, everyMs: 300, count: 9 })]), 500),
    ).toBeCloseTo(40);
  });

  it('are no fewer than those of any window, the warm-up included', () => {
    const windowMs = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(
        fc.array(stageArbitrary, { minLength: 1, maxLength: 4 }),
        fc.array(burstArbitrary, { maxLength: 3 }),
        windowMs,
        fc.integer({ min: -5000, max: 20_000 }),
        (stages, bursts, windowMs, startMs) => {
          const inside = Array.from({ length: windowMs }, (_, ms) => {
            const atMs = startMs + ms + 0.5;
            return (atMs < 0 ? stages[0]!.fromPerS : rateAt(stages, bursts, atMs)) / 1000;
          }).reduce((sum, part) => sum + part, 0);
          expect(mostExpectedWithin(courseOf(stages, bursts), windowMs)).toBeGreaterThanOrEqual(inside - 1e-6);
        },
      ),
    );
  });
});
