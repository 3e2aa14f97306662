import { describe, expect, it } from 'vitest';
import type { ExactRandom } from '../../../../harness/serving/privacy/exact-random.ts';
import {
  discreteGaussian,
  discreteLaplace,
  type Ratio,
  ratioAbove,
  ratioBelow,
} from '../../../../harness/serving/privacy/noise.ts';
import { seededExact } from '../../../support/seeded-bytes.ts';

const DRAWS = 40_000;

const draw = (sample: (random: ExactRandom) => bigint, seed: number, count = DRAWS): readonly number[] => {
  const random = seededExact(seed);
  return Array.from({ length: count }, () => Number(sample(random)));
};

/** Weights of whole numbers, as shares of their sum over a range that holds all but nothing of it. */
const sharesOf = (weight: (x: number) => number, reach: number): ReadonlyMap<number, number> => {
  const all = Array.from({ length: 2 * reach + 1 }, (_, at) => at - reach);
  const sum = all.reduce((total, x) => total + weight(x), 0);
  return new Map(all.map((x) => [x, weight(x) / sum]));
};

/** Pearson's chi-square over cells with at least ten expected draws, the others in two cells at the ends; with its degrees of freedom. */
const chiSquare = (draws: readonly number[], shares: ReadonlyMap<number, number>) => {
  const inner = [...shares].filter(([, share]) => share * draws.length >= 10).map(([x]) => x);
  const [low, high] = [Math.min(...inner), Math.max(...inner)];
  const cellOf = (x: number) => Math.min(high + 1, Math.max(low - 1, x));
  const expected = new Map<number, number>();
  for (const [x, share] of shares) expected.set(cellOf(x), (expected.get(cellOf(x)) ?? 0) + share * draws.length);
  const seen = new Map<number, number>();
  for (const x of draws) seen.set(cellOf(x), (seen.get(cellOf(x)) ?? 0) + 1);
  const statistic = [...expected].reduce((sum, [x, count]) => sum + ((seen.get(x) ?? 0) - count) ** 2 / count, 0);
  return { statistic, freedom: expected.size - 1 };
};

/** The 99.9th percentile, by Wilson and Hilferty (1931). */
const chiSquareLimit = (freedom: number) => freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3;

const LAPLACE: readonly (readonly [scale: Ratio])[] = [
  [{ over: 1n, under: 2n }],
  [{ over: 3n, under: 1n }],
  [{ over: 50n, under: 7n }],
];
const GAUSSIAN: readonly (readonly [variance: Ratio])[] = [
  [{ over: 1n, under: 4n }],
  [{ over: 5n, under: 1n }],
  [{ over: 301n, under: 7n }],
];
const numberOf = ({ over, under }: Ratio) => Number(over) / Number(under);

describe('discrete Laplace noise', () => {
  it.each(LAPLACE)('has the distribution of its scale: %o', (scale) => {
    const draws = draw((random) => discreteLaplace(scale, random), 1);
    const { statistic, freedom } = chiSquare(
      draws,
      sharesOf((x) => Math.exp(-Math.abs(x) / numberOf(scale)), 400),
    );
    expect(statistic).toBeLessThan(chiSquareLimit(freedom));
  });

  it('is found to be of another scale by the same test', () => {
    const draws = draw((random) => discreteLaplace({ over: 3n, under: 1n }, random), 1);
    const { statistic, freedom } = chiSquare(
      draws,
      sharesOf((x) => Math.exp(-Math.abs(x) / 3.15), 400),
    );
    expect(statistic).toBeGreaterThan(chiSquareLimit(freedom));
  });
});

describe('discrete Gaussian noise', () => {
  it.each(GAUSSIAN)('has the distribution of its variance: %o', (variance) => {
    const draws = draw((random) => discreteGaussian(variance, random), 2, DRAWS / 2);
    const { statistic, freedom } = chiSquare(
      draws,
      sharesOf((x) => Math.exp(-(x ** 2) / (2 * numberOf(variance))), 400),
    );
    expect(statistic).toBeLessThan(chiSquareLimit(freedom));
  });
});

describe('numbers as ratios', () => {
  it('are rounded to the side that is asked for, and to nothing else', () => {
    for (const value of [0.05, 0.1, 1 / 3, 2, 7.7]) {
      expect(numberOf(ratioBelow(value))).toBeLessThanOrEqual(value);
      expect(numberOf(ratioAbove(value))).toBeGreaterThanOrEqual(value);
      expect(numberOf(ratioAbove(value)) - numberOf(ratioBelow(value))).toBeLessThanOrEqual(2 ** -20);
    }
  });
});

describe('exact draws', () => {
  it('are uniform below any bound', () => {
    const random = seededExact(3);
    const counts = Array.from({ length: 7 }, () => 0);
    for (let at = 0; at < 14_000; at += 1) counts[Number(random.uniform(7n))]! += 1;
    expect(counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(chiSquareLimit(6));
  });

  it('are true with probability exp(-x), below and above 1', () => {
    const random = seededExact(4);
    for (const [over, under] of [
      [1n, 3n],
      [1n, 1n],
      [5n, 2n],
    ] as const) {
      const hits = Array.from({ length: 20_000 }, () => random.coinExp(over, under)).filter(Boolean).length;
      const share = Math.exp(-Number(over) / Number(under));
      expect(Math.abs(hits - 20_000 * share)).toBeLessThan(4 * Math.sqrt(20_000 * share * (1 - share)));
    }
  });
});
