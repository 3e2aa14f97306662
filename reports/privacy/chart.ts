import type { AccuracyCurve, AccuracyReport } from '../../harness/privacy/accuracy-curve.ts';
import { formatNumber } from '../../harness/verdict/format.ts';
import { type Chart, inks, seriesInks } from '../compare/chart.ts';
import { axisStyle } from '../compare/chart-option.ts';
import { plain } from '../layout.ts';

const WIDTH = 760;
const HEIGHT = 460;

const nameOf = ({ mechanism, of }: AccuracyCurve): string => `${of}, ${mechanism}`;

const sentenceOf = (curve: AccuracyCurve): string => {
  const [first, last] = [curve.points[0]!, curve.points.at(-1)!];
  const at = ({ epsilon, error }: AccuracyCurve['points'][number]) => `${formatNumber('share', error)} % at ${epsilon}`;
  return `${nameOf(curve)}: ${at(first)}, ${at(last)}.`;
};

/** Epsilon against accuracy: both axes are logarithmic, a line a statistic and mechanism. */
export const privacyChart = ({ dataset, rows, draws, curves }: AccuracyReport): Chart => {
  const title = `${plain(dataset)}: what a statistic's privacy costs`;
  const statistics = [...new Set(curves.map(({ of }) => of))];
  return {
    width: WIDTH,
    height: HEIGHT,
    title,
    description: `Error of statistics over epsilon, both logarithmic. ${curves.map(sentenceOf).join(' ')}`,
    option: {
      title: {
        text: title,
        subtext: `error, % (mean of ${draws} draws, ${rows} rows) over epsilon of one answer`,
        left: 16,
        top: 10,
        textStyle: { color: inks.ink, fontSize: 17 },
        subtextStyle: { color: inks.faint, fontSize: 12 },
      },
      legend: { bottom: 8, left: 16, width: 560, itemGap: 24, data: curves.map(nameOf), textStyle: { color: inks.ink } },
      grid: { left: 76, top: 84, width: WIDTH - 110, height: HEIGHT - 190 },
      xAxis: { type: 'log', name: 'epsilon', nameLocation: 'middle', nameGap: 26, ...axisStyle },
      yAxis: { type: 'log', ...axisStyle },
      series: curves.map((curve) => ({
        name: nameOf(curve),
        type: 'line',
        silent: true,
        symbol: curve.mechanism === 'laplace' ? 'circle' : 'emptyCircle',
        symbolSize: 6,
        showAllSymbol: true,
        lineStyle: {
          color: seriesInks[statistics.indexOf(curve.of)]!,
          width: 2,
          type: curve.mechanism === 'laplace' ? 'solid' : 'dashed',
        },
        itemStyle: { color: seriesInks[statistics.indexOf(curve.of)]! },
        // A logarithmic axis has no zero.
        data: curve.points.map(({ epsilon, error }) => [epsilon, Math.max(error * 100, 1e-4)]),
      })),
    },
  };
};
