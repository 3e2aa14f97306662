import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalTimes, type OpenShape, peakRatePerS, type RatedShape } from '../../../harness/load/arrivals.ts';
import type { Burst, RateStage } from '../../../harness/scenario/scenario.ts';
import { burstArbitrary, rateAt, stageArbitrary } from '../../support/rates.ts';

const open = (arrivals: RatedShape['arrivals'], ...stages: readonly RateStage[]): RatedShape => ({
  type: 'open',
  arrivals,
  stages,
});
const steady = (perS: number): RateStage => ({ forMs: 1000, fromPerS: perS, toPerS: perS });
const timesOf = (shape: OpenShape, durationMs: number, { warmupMs = 0, seed = 1 } = {}) => [
  ...arrivalTimes(shape, { warmupMs, durationMs }, seed),
];

const shapes = fc.record({
  type: fc.constant('open' as const),
  arrivals: fc.constantFrom('constant' as const, 'poisson' as const),
  stages: fc.array(stageArbitrary, { minLength: 1, maxLength: 4 }),
  bursts: fc.array(burstArbitrary, { maxLength: 3 }),
});
const spans = fc.record({ warmupMs: fc.nat(3000), durationMs: fc.nat(15_000) });

/** Arrivals that stages and bursts promise in [0, untilMs): summed up in steps, as an oracle for the inverse in the code. */
const expectedArrivals = (stages: readonly RateStage[], bursts: readonly Burst[], untilMs: number): number =>
  Array.from({ length: Math.floor(untilMs) }, (_, ms) => rateAt(stages, bursts, ms + 0.5) / 1000).reduce(
    (sum, part) => sum + part,
    0,
  );

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

  it('are as many as stages and bursts promise at any time: exactly when constant, within the spread of a Poisson process else', () => {
    fc.assert(
      fc.property(shapes, fc.nat(15_000), fc.nat(), (shape, untilMs, seed) => {
        const count = timesOf(shape, 15_000, { seed }).filter((time) => time < untilMs).length;
        const expected = expectedArrivals(shape.stages, shape.bursts, untilMs);
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

  it('of bursts are as many more as the bursts say, and evenly spaced within them', () => {
    const bursts: readonly Burst[] = [{ atMs: 200, forMs: 100, everyMs: 400, count: 2, multiplier: 5, addPerS: 0 }];
    const times = timesOf({ ...open('constant', steady(50)), bursts }, 1000, { warmupMs: 100 });
    expect(times.slice(0, 5)).toEqual([-100, -80, -60, -40, -20]);
    const measured = times.filter((time) => time >= 0);
    expect(measured).toHaveLength(50 + 2 * 20);
    const within = measured.filter((time) => time >= 200 && time < 300);
    expect(within).toHaveLength(25);
    within.forEach((time, index) => void expect(time).toBeCloseTo(200 + 4 * index));
  });

  it('have the peak rate of their highest stage or burst', () => {
    const bursts: readonly Burst[] = [{ atMs: 1, forMs: 9, everyMs: 0, count: 1, multiplier: 1, addPerS: 100 }];
    expect(peakRatePerS({ ...open('constant', steady(20)), bursts })).toBe(120);
    expect(peakRatePerS(open('constant', { forMs: 1, fromPerS: 5, toPerS: 80 }, steady(20)))).toBe(80);
  });
});

/** Times of a trace that was recorded: whole microseconds, in order. */
const recorded = fc.array(fc.nat(15_000_000), { maxLength: 200 }).map((times) => times.toSorted((a, b) => a - b));
const replaying = (timesUs: readonly number[]): OpenShape => ({ type: 'open', arrivals: 'recorded', source: 'x', timesUs });

describe('arrivals of a recorded trace', () => {
  it('are those of the trace, whatever the seed and the warm-up', () => {
    fc.assert(
      fc.property(recorded, spans, fc.nat(), (timesUs, span, seed) => {
        const measured = [...arrivalTimes(replaying(timesUs), span, seed)].filter((time) => time >= 0);
        expect(measured).toEqual(timesUs.filter((us) => us < span.durationMs * 1000).map((us) => us / 1000));
      }),
    );
  });

  it('are in order and within the span, those of the warm-up being the beginning of the trace', () => {
    fc.assert(
      fc.property(recorded, spans, (timesUs, span) => {
        const times = [...arrivalTimes(replaying(timesUs), span, 1)];
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.every((time) => time >= -span.warmupMs && time < span.durationMs)).toBe(true);
        const shownMs = Math.min(span.warmupMs, span.durationMs);
        const warmup = times.filter((time) => time < 0);
        expect(warmup).toEqual(timesUs.filter((us) => us / 1000 < shownMs).map((us) => us / 1000 - shownMs));
      }),
    );
  });

  it('have the peak rate of their fullest second, which no end and start of seconds hides', () => {
    expect(peakRatePerS(replaying([0, 900_000, 950_000, 1_000_000, 1_850_000, 3_000_000]))).toBe(4);
    expect(peakRatePerS(replaying([]))).toBe(0);
  });
});
