import type { AccuracyReport } from '../../harness/privacy/accuracy-curve.ts';
import { formatNumber } from '../../harness/verdict/format.ts';
import { columns, wrap } from '../layout.ts';

const WIDTH = 78;

/** The figure as a table: an epsilon a row, the errors of each statistic, and what a budget pays for. */
export const privacyText = ({ dataset, rows, draws, delta, budget, curves }: AccuracyReport): string => {
  const epsilons = curves[0]!.points.map(({ epsilon }) => epsilon);
  const [laplace, gaussian] = (['laplace', 'gaussian'] as const).map(
    (mechanism) => curves.find((curve) => curve.mechanism === mechanism)!,
  );
  return [
    ...wrap(`${dataset}, ${rows} rows: how far statistics are from the truth, percent, mean of ${draws} draws`, WIDTH),
    '',
    ...columns({
      head: ['epsilon', ...curves.map(({ mechanism, of }) => `${mechanism}\n${of}`), 'answers\nlaplace', 'answers\ngaussian'],
      align: ['right', ...curves.map(() => 'right' as const), 'right', 'right'],
      rows: epsilons.map((epsilon, at) => [
        String(epsilon),
        ...curves.map(({ points }) => formatNumber('share', points[at]!.error)),
        String(laplace!.points[at]!.answers.advanced),
        String(gaussian!.points[at]!.answers.advanced),
      ]),
    }),
    '',
    ...wrap(
      `Answers: how many a budget of epsilon ${budget.epsilon} at delta ${budget.delta} pays for; one answer of the Gaussian mechanism has a delta of ${delta}.`,
      WIDTH,
    ),
    ...wrap(
      'Of a count the error is a share of the count, of a mean of the width of its column, of a histogram of all rows.',
      WIDTH,
    ),
  ].join('\n');
};
