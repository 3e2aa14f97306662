import { createRandom } from '../random.ts';
import type { Dataset } from '../serving/data/dataset.ts';
import { columnsOf, generateRows } from '../serving/data/generate.ts';
import { exactly, type Statistic, writeStatistic } from '../serving/data/statistic.ts';
import { type Composition, composed } from '../serving/privacy/composition.ts';
import { createExactRandom } from '../serving/privacy/exact-random.ts';
import { type Loss, lossOf, type MechanismName, mechanisms, privately } from '../serving/privacy/mechanism.ts';

/** Epsilons of one answer, from much noise to little. */
export const EPSILONS: readonly number[] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

/** How far statistics are from the truth at one epsilon. */
export interface AccuracyPoint {
  readonly epsilon: number;
  /** Mean of the absolute errors over the draws, as a share of the truth: of a histogram the bins' sum over all rows, of a mean over its column's width. */
  readonly error: number;
  /** Answers until the budget is spent, by the way in which losses are added up. */
  readonly answers: Readonly<Record<Composition, number>>;
}

export interface AccuracyCurve {
  readonly mechanism: MechanismName;
  readonly of: Statistic['of'];
  /** As a query string. */
  readonly asked: string;
  readonly points: readonly AccuracyPoint[];
}

export interface AccuracyReport {
  readonly dataset: string;
  readonly rows: number;
  readonly seed: number;
  /** Draws behind each point. */
  readonly draws: number;
  /** Delta of one answer of the Gaussian mechanism. */
  readonly delta: number;
  readonly budget: Loss;
  readonly curves: readonly AccuracyCurve[];
}

export interface AccuracyOptions {
  readonly dataset: Dataset;
  /** 0..2^32-1. */
  readonly seed: number;
  readonly draws: number;
  readonly delta: number;
  readonly budget: Loss;
}

/** No budget of a scenario has more answers. */
const MAX_ANSWERS = 1_000_000;

/** How many answers a budget pays for: the largest count whose losses are within it. */
export const answersWithin = (composition: Composition, each: Loss, budget: Loss): number => {
  const isWithin = (count: number): boolean => {
    const { epsilon, delta } = composed(composition, count, each, budget.delta);
    return epsilon <= budget.epsilon * (1 + 1e-9) && delta <= budget.delta * (1 + 1e-9);
  };
  let [low, high] = [0, 1];
  while (high < MAX_ANSWERS && isWithin(high)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isWithin(middle)) low = middle;
    else high = middle;
  }
  return low;
};

/** A count of a part of the rows, the mean of the first column with a unit, and a histogram of the same. */
const statisticsOf = (dataset: Dataset): readonly Statistic[] => {
  const columns = columnsOf(dataset);
  const { name, min, max } = columns.find(({ unit }) => unit !== '') ?? columns[0]!;
  return [
    { of: 'count', where: { column: name, from: min, to: Math.floor((min + max) / 2) } },
    { of: 'mean', column: name },
    { of: 'histogram', column: name, bins: 10 },
  ];
};

/** What a truth is a share of. */
const scaleOf = (statistic: Statistic, dataset: Dataset, truth: readonly number[]): number => {
  if (statistic.of === 'count') return Math.max(1, truth[0]!);
  if (statistic.of === 'histogram') return dataset.rows;
  const { min, max } = columnsOf(dataset).find(({ name }) => name === statistic.column)!;
  return max - min;
};

/** The accuracy that a dataset's statistics have at each epsilon, by drawing the noise as a node does; the same for the same seed. */
export const accuracyReport = ({ dataset, seed, draws, delta, budget }: AccuracyOptions): AccuracyReport => {
  const rows = generateRows(dataset);
  const columns = columnsOf(dataset);
  const curveOf = (mechanism: MechanismName, statistic: Statistic): AccuracyCurve => {
    const truth = exactly(statistic, rows, columns);
    const scale = scaleOf(statistic, dataset, truth);
    const uniform = createRandom(seed, 'privacy', mechanism, statistic.of);
    const random = createExactRandom((bytes) => {
      for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.floor(256 * uniform());
    });
    const pointOf = (epsilon: number): AccuracyPoint => {
      const loss = lossOf(mechanism, epsilon, delta);
      let error = 0;
      for (let draw = 0; draw < draws; draw += 1) {
        const values = privately(statistic, rows, columns, { mechanism, loss, random });
        error += values.reduce((sum, value, at) => sum + Math.abs(value - truth[at]!), 0) / scale;
      }
      const answers = {
        sequential: answersWithin('sequential', loss, budget),
        advanced: answersWithin('advanced', loss, budget),
      };
      return { epsilon, error: error / draws, answers };
    };
    return { mechanism, of: statistic.of, asked: writeStatistic(statistic), points: EPSILONS.map(pointOf) };
  };
  const names = Object.keys(mechanisms) as readonly MechanismName[];
  const curves = names.flatMap((mechanism) => statisticsOf(dataset).map((statistic) => curveOf(mechanism, statistic)));
  return { dataset: dataset.name, rows: dataset.rows, seed, draws, delta, budget, curves };
};
