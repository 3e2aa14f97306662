import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';
import { createLatencyEstimate } from '../../../harness/serving/latency.ts';
import { createStrain } from '../../../harness/serving/strain.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the latency of a link', () => {
  it('is unknown at first, then follows what is measured', () => {
    const latency = createLatencyEstimate();
    expect(latency.ms).toBeUndefined();
    latency.record(100);
    expect(latency.ms).toBe(100);
    for (let n = 0; n < 20; n += 1) latency.record(20);
    expect(latency.ms).toBeLessThan(22);
  });

  it('is unknown again when it is ten seconds old', () => {
    const latency = createLatencyEstimate();
    latency.record(100);
    vi.advanceTimersByTime(10_001);
    expect(latency.ms).toBeUndefined();
    latency.record(30);
    expect(latency.ms).toBe(30);
  });

  it('is never outside of what was measured', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1 }), (measured) => {
        const latency = createLatencyEstimate();
        for (const ms of measured) latency.record(ms);
        expect(latency.ms).toBeGreaterThanOrEqual(Math.min(...measured) - 1e-6);
        expect(latency.ms).toBeLessThanOrEqual(Math.max(...measured) + 1e-6);
      }),
    );
  });
});

describe('the strain of a link', () => {
  it('is not there after one failure, is after two in a row, and fades', () => {
    const strain = createStrain(referenceDesign.outlierDetection);
    strain.record(true);
    expect(strain.isStrained).toBe(false);
    strain.record(true);
    expect(strain.isStrained).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(strain.isStrained).toBe(false);
  });

  it('is there when every third attempt fails, and not when every twentieth does', () => {
    const countStrained = (every: number) => {
      const strain = createStrain(referenceDesign.outlierDetection);
      let strained = 0;
      for (let n = 1; n <= 1000; n += 1) {
        strain.record(n % every === 0);
        if (strain.isStrained) strained += 1;
      }
      return strained / 1000;
    };
    expect(countStrained(3)).toBeGreaterThan(0.5);
    expect(countStrained(20)).toBe(0);
  });
});
