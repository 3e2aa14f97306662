import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../harness/random.ts';

const draws = (count: number, ...args: Parameters<typeof createRandom>) => {
  const random = createRandom(...args);
  return Array.from({ length: count }, () => random());
};

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('seeded random draws', () => {
  it('give the same stream for the same seed and labels, in [0, 1)', () => {
    fc.assert(
      fc.property(seeds, fc.array(fc.string()), (seed, labels) => {
        const first = draws(50, seed, ...labels);
        expect(draws(50, seed, ...labels)).toEqual(first);
        for (const value of first) expect(value >= 0 && value < 1).toBe(true);
      }),
    );
  });

  it('give another stream for another seed or another label', () => {
    fc.assert(
      fc.property(seeds, seeds, fc.string(), fc.string(), (seed, otherSeed, label, otherLabel) => {
        fc.pre(seed !== otherSeed && label !== otherLabel);
        expect(draws(4, seed, label)).not.toEqual(draws(4, otherSeed, label));
        expect(draws(4, seed, label)).not.toEqual(draws(4, seed, otherLabel));
      }),
    );
  });

  it('keep labels apart from their concatenation', () => {
    expect(draws(4, 1, 'ab', 'c')).not.toEqual(draws(4, 1, 'a', 'bc'));
    expect(draws(4, 1, 'ab')).not.toEqual(draws(4, 1, 'a', 'b'));
    expect(draws(4, 1)).not.toEqual(draws(4, 1, ''));
  });

  it('are uniform, over one stream and over the first draws of neighbouring seeds', () => {
    const tenths = (values: readonly number[]) => {
      const counts = new Array<number>(10).fill(0);
      for (const value of values) counts[Math.floor(value * 10)]! += 1;
      return counts;
    };
    // Chi-squared with 9 degrees of freedom: 27.9 is passed by chance once in a thousand; the draws are seeded, so never by luck.
    const chiSquared = (values: readonly number[]) =>
      tenths(values).reduce((sum, count) => sum + (count - values.length / 10) ** 2 / (values.length / 10), 0);
    expect(chiSquared(draws(10_000, 7))).toBeLessThan(27.9);
    expect(chiSquared(Array.from({ length: 10_000 }, (_, seed) => draws(1, seed, 'arrivals')[0]!))).toBeLessThan(27.9);
  });
});
