import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalTimes, type OpenShape, peakRatePerS } from '../../../harness/load/arrivals.ts';
import type { RateStage } from '../../../harness/scenario/scenario.ts';

const open = (arrivals: OpenShape['arrivals'], ...stages: readonly RateStage[]): OpenShape => ({
  type: 'open',
  arrivals,
  stages,
});
const steady = (perS: number): RateStage => ({ forMs: 1000, fromPerS: perS, toPerS: perS });
const timesOf = (shape: OpenShape, durationMs: number, { warmupMs = 0, seed = 1 } = {}) => [
  ...arrivalTimes(shape, { warmupMs, durationMs }, seed),
];

const ratePerS = fc.integer({ min: 0, max: 200 });
const stage = fc.record({ forMs: fc.integer({ min: 0, max: 5000 }), fromPerS: ratePerS, toPerS: ratePerS });
const shapes = fc.record({
  type: fc.constant('open' as const),
  arrivals: fc.constantFrom('constant' as const, 'poisson' as const),
  stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
});
const spans = fc.record({ warmupMs: fc.nat(3000), durationMs: fc.nat(15_000) });

/** Arrivals that the stages promise in [0, untilMs): summed up in steps, as an oracle for the inverse in the code. */
const expectedArrivals = (stages: readonly RateStage[], untilMs: number): number => {
  const rateAt = (ms: number): number => {
    let startMs = 0;
    for (const { forMs, fromPerS, toPerS } of stages) {
      if (ms < startMs + forMs) return fromPerS + ((toPerS - fromPerS) * (ms - startMs)) / forMs;
      startMs += forMs;
    }
    return stages.at(-1)!.toPerS;
  };
  return Array.from({ length: Math.floor(untilMs) }, (_, ms) => rateAt(ms + 0.5) / 1000).reduce((sum, part) => sum + part, 0);
};

describe('arrivals of an open-loop load', () => {
  it('at a constant rate are evenly spaced, to the last digit', () => {
    expect(timesOf(open('constant', steady(50)), 200)).toEqual([0, 20, 40, 60, 80, 100, 120, 140, 160, 180]);
    expect(timesOf(open('constant', steady(3)), 1000)).toEqual([0, 1000 / 3, 2000 / 3]);
  });

  it('of the warm-up come before the measured timeline, at the rate that it starts with', () => {
    const ramp = { forMs: 1000, fromPerS: 10, toPerS: 100 };
    expect(timesOf(open('constant', ramp), 0, { warmupMs: 500 })).toEqual([-500, -400, -300, -200, -100]);
  });

  it('are in order, within the timeline, and the same for the same seed', () => {
    fc.assert(
      fc.property(shapes, spans, fc.nat(), (shape, span, seed) => {
        const times = [...arrivalTimes(shape, span, seed)];
        expect(times.every((time, index) => index === 0 || times[index - 1]! <= time)).toBe(true);
        expect(times.every((time) => time >= -span.warmupMs && time < span.durationMs)).toBe(true);
        expect([...arrivalTimes(shape, span, seed)]).toEqual(times);
      }),
    );
  });

  it('are as many as the stages promise at any time: exactly when constant, within the spread of a Poisson process else', () => {
    fc.assert(
      fc.property(shapes, fc.nat(15_000), fc.nat(), (shape, untilMs, seed) => {
        const count = timesOf(shape, 15_000, { seed }).filter((time) => time < untilMs).length;
        const expected = expectedArrivals(shape.stages, untilMs);
        // The oracle's steps of a millisecond and the first arrival at time 0 make up for 2; six deviations are never left by chance.
        const tolerance = 2 + (shape.arrivals === 'poisson' ? 6 * Math.sqrt(expected) + 4 : 0);
        expect(Math.abs(count - expected)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  it('of the measured timeline do not depend on the warm-up', () => {
    fc.assert(
      fc.property(shapes, fc.nat(3000), fc.nat(), (shape, warmupMs, seed) => {
        const measured = timesOf(shape, 5000, { warmupMs, seed }).filter((time) => time >= 0);
        expect(measured).toEqual(timesOf(shape, 5000, { seed }));
      }),
    );
  });

  it('by Poisson have exponential gaps, and another seed has other ones', () => {
    const times = timesOf(open('poisson', steady(100)), 100_000);
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    expect(mean).toBeGreaterThan(9.5);
    expect(mean).toBeLessThan(10.5);
    // Of exponential gaps, 1/e are longer than the mean.
    const long = gaps.filter((gap) => gap > 10).length / gaps.length;
    expect(long).toBeGreaterThan(0.34);
    expect(long).toBeLessThan(0.4);
    expect(timesOf(open('poisson', steady(100)), 1000, { seed: 2 })).not.toEqual(timesOf(open('poisson', steady(100)), 1000));
  });

  it('stop where the last stage ends at nothing', () => {
    const times = timesOf(open('constant', { forMs: 1000, fromPerS: 100, toPerS: 0 }), 60_000);
    expect(times).toHaveLength(50);
    expect(times.at(-1)).toBeLessThanOrEqual(1000);
  });

  it('have the peak rate of their highest stage', () => {
    expect(peakRatePerS(open('constant', { forMs: 1, fromPerS: 5, toPerS: 80 }, steady(20)))).toBe(80);
  });
});
