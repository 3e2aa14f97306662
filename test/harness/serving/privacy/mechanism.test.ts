import { describe, expect, it } from 'vitest';
import type { DatasetRow } from '../../../../harness/serving/data/dataset.ts';
import { columnsOf, generateRows } from '../../../../harness/serving/data/generate.ts';
import { exactly, type Statistic } from '../../../../harness/serving/data/statistic.ts';
import { gaussianVariance, type MechanismName, privately } from '../../../../harness/serving/privacy/mechanism.ts';
import { seededExact } from '../../../support/seeded-bytes.ts';

const DATASET = {
  name: 'patients',
  kind: 'patients',
  rows: 400,
  seed: 1,
  regions: ['us-east'],
  residency: null,
  readers: [],
  analysts: [],
};
const columns = columnsOf(DATASET);
const rows = generateRows(DATASET);

const COUNT: Statistic = { of: 'count', where: { column: 'age', from: 40, to: 60 } };
const MEAN: Statistic = { of: 'mean', column: 'systolic' };
const HISTOGRAM: Statistic = { of: 'histogram', column: 'district', bins: 10 };

const draws = (
  statistic: Statistic,
  data: readonly DatasetRow[],
  mechanism: MechanismName,
  count: number,
  epsilon = 1,
  seed = 7,
) => {
  const random = seededExact(seed);
  return Array.from({ length: count }, () =>
    privately(statistic, data, columns, { mechanism, loss: { epsilon, delta: 1e-3 }, random }),
  );
};
const averageOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(['laplace', 'gaussian'] as const)('statistics with %s noise', (mechanism) => {
  it('are right on average: counts, histograms and means', () => {
    const counts = draws(COUNT, rows, mechanism, 2000).map(([value]) => value!);
    expect(Math.abs(averageOf(counts) - exactly(COUNT, rows, columns)[0]!)).toBeLessThan(0.3);
    const bins = draws(HISTOGRAM, rows, mechanism, 300);
    exactly(HISTOGRAM, rows, columns).forEach((truth, bin) => {
      expect(Math.abs(averageOf(bins.map((bin_) => bin_[bin]!)) - truth)).toBeLessThan(1.2);
    });
    const means = draws(MEAN, rows, mechanism, 200).map(([value]) => value!);
    // Half of the column's width, over the rows, is what one row can do.
    expect(Math.abs(averageOf(means) - exactly(MEAN, rows, columns)[0]!)).toBeLessThan(0.6);
  });

  it('tell of one row no more than epsilon, as far as draws show it', () => {
    const epsilon = 1;
    const count = 20_000;
    const neighbour = rows.filter((_, index) => index !== rows.findIndex((row) => row[0]! >= 40 && row[0]! <= 60));
    const [here, there] = [rows, neighbour].map((data, index) =>
      draws(COUNT, data, mechanism, count, epsilon, 11 + index).map(([value]) => value!),
    );
    const delta = mechanism === 'gaussian' ? 1e-3 : 0;
    for (const threshold of Array.from({ length: 13 }, (_, step) => exactly(COUNT, rows, columns)[0]! - 6 + step)) {
      const [p, q] = [here!, there!].map((all) => all.filter((value) => value >= threshold).length / count) as [number, number];
      const slack = 4 * Math.sqrt(p / count) + 4 * Math.exp(epsilon) * Math.sqrt(q / count);
      expect(p).toBeLessThanOrEqual(Math.exp(epsilon) * q + delta + slack);
      expect(1 - q).toBeLessThanOrEqual(Math.exp(epsilon) * (1 - p) + delta + slack);
    }
  });

  it('clamp what stands in a row to the bounds of its column', () => {
    const wild = rows.map((row, index) => (index === 0 ? row.map(() => 1e12) : row));
    const tame = rows.map((row, index) => (index === 0 ? columns.map(({ max }) => max) : row));
    expect(draws(MEAN, wild, mechanism, 20)).toEqual(draws(MEAN, tame, mechanism, 20));
  });

  it('are whole numbers where they count, so that no digit tells neighbours apart', () => {
    for (const [value] of draws(COUNT, rows, mechanism, 200)) expect(Number.isInteger(value)).toBe(true);
  });
});

it('has less noise for more epsilon', () => {
  const spread = (epsilon: number) =>
    averageOf(draws(COUNT, rows, 'laplace', 1000, epsilon).map(([value]) => (value! - exactly(COUNT, rows, columns)[0]!) ** 2));
  expect(spread(0.1)).toBeGreaterThan(spread(0.5));
  expect(spread(0.5)).toBeGreaterThan(spread(2));
});

it('has a Gaussian variance that keeps epsilon and delta, by the integral of the privacy loss', () => {
  for (const loss of [
    { epsilon: 0.1, delta: 1e-6 },
    { epsilon: 1, delta: 1e-5 },
    { epsilon: 4, delta: 1e-3 },
  ]) {
    const sigma = Math.sqrt(gaussianVariance(loss));
    // Balle, Wang (2018), Theorem 8, for a sensitivity of 1: delta at epsilon, by summing the density.
    const step = sigma / 2000;
    let delta = 0;
    for (let x = -12 * sigma; x < 12 * sigma; x += step) {
      const density = (mean: number) => Math.exp(-((x - mean) ** 2) / (2 * sigma ** 2)) / (sigma * Math.sqrt(2 * Math.PI));
      delta += Math.max(0, density(1) - Math.exp(loss.epsilon) * density(0)) * step;
    }
    expect(delta).toBeLessThanOrEqual(loss.delta);
  }
});
