import { describe, expect, it } from 'vitest';
import { createLatencyHistogram } from '../../../harness/load/histogram.ts';

const histogramOf = (...latenciesMs: readonly number[]) => {
  const histogram = createLatencyHistogram();
  for (const ms of latenciesMs) histogram.record(ms);
  return histogram;
};

describe('createLatencyHistogram', () => {
  it('gives percentiles to three digits, and fractions of a millisecond', () => {
    const histogram = histogramOf(...Array.from({ length: 1000 }, (_, index) => index + 1));
    expect([50, 95, 99, 99.9].map((percent) => Math.round(histogram.percentile(percent)))).toEqual([500, 950, 990, 999]);
    expect(histogram.max).toBeCloseTo(1000, -1);
    expect(histogram.count).toBe(1000);
    expect(histogramOf(0.25).percentile(50)).toBeCloseTo(0.25, 3);
  });

  it('takes a latency beyond its first range', () => {
    expect(histogramOf(600_000).percentile(50) / 600_000).toBeCloseTo(1, 2);
  });

  it('given nothing was recorded, then all is zero', () => {
    const { max, count, percentile } = histogramOf();
    expect([max, count, percentile(99)]).toEqual([0, 0, 0]);
  });
});
