import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portCandidates, wirePortRange } from '../../../harness/wire/ports.ts';

describe('the wire’s ports', () => {
  it('lie from 20000 to 32000 where the kernel gives out later ones, or does not say', () => {
    expect(wirePortRange(32768)).toEqual({ lowest: 20_000, highest: 32_000 });
    expect(wirePortRange(49152)).toEqual({ lowest: 20_000, highest: 32_000 });
    expect(wirePortRange(undefined)).toEqual({ lowest: 20_000, highest: 32_000 });
  });

  it('keep below what the kernel gives out, where there is room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3_100, max: 65_535 }), (start) => {
        const { lowest, highest } = wirePortRange(start);
        expect(lowest).toBeGreaterThanOrEqual(1_024);
        expect(highest).toBeLessThan(start);
        expect(highest - lowest).toBeGreaterThanOrEqual(2_000);
      }),
    );
  });

  it('are each tried once', () => {
    const candidates = [...portCandidates({ lowest: 20_000, highest: 20_099 })];
    expect(new Set(candidates).size).toBe(100);
    expect(Math.min(...candidates)).toBe(20_000);
    expect(Math.max(...candidates)).toBe(20_099);
  });
});
