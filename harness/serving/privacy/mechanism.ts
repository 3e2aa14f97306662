import type { DatasetColumn, DatasetRow } from '../data/dataset.ts';
import { binOf, columnAt, type Statistic, selectRows } from '../data/statistic.ts';
import { createExactRandom, type ExactRandom } from './exact-random.ts';
import { discreteGaussian, discreteLaplace, ratioAbove, ratioBelow } from './noise.ts';

export type MechanismName = 'laplace' | 'gaussian';

/** What one answer may tell of any one row: (epsilon, delta)-differential privacy, where neighbours differ by a row that is there or not. */
export interface Loss {
  /** Above 0. */
  readonly epsilon: number;
  /** 0..1; of the Laplace mechanism 0. */
  readonly delta: number;
  /** Of the Gaussian mechanism: it is rho-concentrated (Bun, Steinke 2016, Definition 1.1), which adds up to less than its epsilon does. */
  readonly rho?: number;
}

/** Adds noise to whole numbers of which one row changes at most one, by at most `sensitivity`. */
export type AddNoise = (value: bigint, sensitivity: bigint) => bigint;

/**
 * The variance that a Gaussian mechanism needs, for a sensitivity of 1: it is rho-concentrated with rho = 1 / (2 variance) (Canonne, Kamath, Steinke 2020,
 * Theorem 4), which is (rho + 2 sqrt(rho ln(1/delta)), delta)-differentially private (Bun, Steinke 2016, Proposition 1.3).
 */
export const gaussianVariance = (loss: Loss): number => 1 / (2 * rhoOf(loss));

const rhoOf = ({ epsilon, delta }: Loss): number => {
  const log = Math.log(1 / delta);
  return (Math.sqrt(log + epsilon) - Math.sqrt(log)) ** 2;
};

/** What one answer costs. A mean is two halves, whose rho together is less than that of one whole. */
export const lossOf = (mechanism: MechanismName, epsilon: number, delta: number): Loss =>
  mechanism === 'laplace' ? { epsilon, delta: 0 } : { epsilon, delta, rho: rhoOf({ epsilon, delta }) };

/** Rounding is always to the side of more noise. */
export const mechanisms: Readonly<Record<MechanismName, (loss: Loss, random: ExactRandom) => AddNoise>> = {
  laplace: ({ epsilon }, random) => {
    const { over, under } = ratioBelow(epsilon);
    return (value, sensitivity) => value + discreteLaplace({ over: sensitivity * under, under: over }, random);
  },
  gaussian: (loss, random) => {
    const { over, under } = ratioAbove(gaussianVariance(loss) * (1 + 1e-12));
    return (value, sensitivity) => value + discreteGaussian({ over: sensitivity * sensitivity * over, under }, random);
  },
};

/** A column's bounds are this many steps apart: what a mean is rounded to before there is noise on it. */
const STEPS = 2 ** 16;

/** A mean is a sum of distances from the middle of the bounds, over a count: each gets half of the loss. */
const noisyMean = (rows: readonly DatasetRow[], at: number, { min, max }: DatasetColumn, add: AddNoise): number => {
  const [middle, step] = [(min + max) / 2, (max - min) / STEPS];
  let sum = 0n;
  // Whatever stands in a row counts as if it were within the bounds.
  for (const row of rows) sum += BigInt(Math.round((Math.min(max, Math.max(min, row[at]!)) - middle) / step));
  const count = add(BigInt(rows.length), 1n);
  const noisySum = add(sum, BigInt(STEPS / 2));
  const mean = middle + (step * Number(noisySum)) / Math.max(1, Number(count));
  return Math.min(max, Math.max(min, mean));
};

export interface PrivateOptions {
  readonly mechanism: MechanismName;
  /** Of the whole answer. */
  readonly loss: Loss;
  readonly random?: ExactRandom;
}

/**
 * The statistic with noise: one number, or one a bin. A row is in one bin of a histogram only, so that all bins together cost what one does.
 * Counts may be below 0: who cuts them off makes a sum of them too large.
 */
export const privately = (
  statistic: Statistic,
  rows: readonly DatasetRow[],
  columns: readonly DatasetColumn[],
  { mechanism, loss, random = createExactRandom() }: PrivateOptions,
): readonly number[] => {
  const selected = selectRows(rows, columns, statistic.where);
  const { epsilon, delta } = loss;
  const add = mechanisms[mechanism](statistic.of === 'mean' ? { epsilon: epsilon / 2, delta: delta / 2 } : loss, random);
  if (statistic.of === 'count') return [Number(add(BigInt(selected.length), 1n))];
  const at = columnAt(columns, statistic.column);
  const column = columns[at]!;
  if (statistic.of === 'mean') return [noisyMean(selected, at, column, add)];
  const counts = Array.from({ length: statistic.bins }, () => 0);
  for (const row of selected) counts[binOf(row[at]!, column, statistic.bins)]! += 1;
  return counts.map((count) => Number(add(BigInt(count), 1n)));
};
