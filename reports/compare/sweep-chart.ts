import { type MeasureName, measures } from '../../harness/compare/measures.ts';
import type { ComparisonReport, VariantReport } from '../../harness/compare/report.ts';
import { metrics } from '../../harness/verdict/metrics.ts';
import { plain } from '../layout.ts';
import { measureColumns, quantityText, subjectText } from './cells.ts';
import { type Chart, inks, seriesInks } from './chart.ts';
import { axisNumber, axisRange, axisStyle, whiskers } from './chart-option.ts';
import { plottedMeasures, type Series, seriesOf } from './sweep-plot.ts';

const WIDTH = 960;
const PANEL_WIDTH = 372;
const PANEL_HEIGHT = 150;
const LEFT = 78;
const TOP = 112;
const ROW = PANEL_HEIGHT + 96;
const COLUMN = PANEL_WIDTH + 100;
const SYMBOLS = ['circle', 'diamond', 'rect', 'triangle', 'roundRect', 'pin'];

/** In the unit of the panel's axis: shares in percent. */
const scaled = (measure: MeasureName, value: unknown): number | null =>
  typeof value !== 'number' ? null : metrics[measures[measure].metric].unit === 'share' ? value * 100 : value;

const cellOf = (variant: VariantReport | undefined, measure: MeasureName, part: 'median' | 'min' | 'max'): number | null =>
  scaled(measure, variant?.measures[measure]?.[part]);

/** Where a time was never reached there is no point to draw: the panel's head says so. */
const neverText = (measure: MeasureName, series: readonly Series[], labels: readonly string[]): string => {
  const never = labels.filter((_, index) =>
    series.some(({ variants }) => variants[index]?.measures[measure]?.median === 'never'),
  );
  return never.length === 0 ? '' : ` (never reached: ${never.length === labels.length ? 'any value' : never.join(', ')})`;
};

interface Panel {
  readonly measure: MeasureName;
  readonly at: number;
  readonly series: readonly Series[];
  readonly labels: readonly string[];
  readonly isRanged: boolean;
}

const panelOption = ({ measure, at, series, labels, isRanged }: Panel) => {
  const [left, top] = [LEFT + (at % 2) * COLUMN, TOP + Math.floor(at / 2) * ROW];
  const parts = isRanged ? (['min', 'median', 'max'] as const) : (['median'] as const);
  const values = series.flatMap(({ variants }) =>
    variants.flatMap((variant) => parts.flatMap((part) => cellOf(variant, measure, part) ?? [])),
  );
  const range = axisRange(values);
  const isShare = metrics[measures[measure].metric].unit === 'share';
  const axes = { xAxisIndex: at, yAxisIndex: at };
  const unit = measureColumns.find((column) => column.measure === measure)!.unit;
  return {
    title: {
      text: `${measures[measure].label}, ${unit}${neverText(measure, series, labels)}`,
      left: left - 40,
      top: top - 32,
      textStyle: { color: inks.ink, fontSize: 13 },
    },
    grid: { left, top, width: PANEL_WIDTH, height: PANEL_HEIGHT },
    xAxis: { type: 'category', gridIndex: at, data: labels, ...axisStyle, splitLine: { show: false } },
    yAxis: {
      type: 'value',
      gridIndex: at,
      ...range,
      splitNumber: 4,
      ...axisStyle,
      axisLabel: {
        ...axisStyle.axisLabel,
        formatter: axisNumber(range, 0, isShare ? 100 : Number.POSITIVE_INFINITY),
        showMinLabel: false,
        showMaxLabel: false,
      },
    },
    series: series.flatMap(({ name, variants }, number) => {
      const color = seriesInks[number % seriesInks.length]!;
      const ranges = variants.flatMap((variant, index) => {
        const [low, value, high] = (['min', 'median', 'max'] as const).map((part) => cellOf(variant, measure, part));
        return low == null || value == null || high == null ? [] : [[index, value, index, index, low, high]];
      });
      return [
        ...(isRanged ? [whiskers(ranges, axes)] : []),
        {
          name,
          type: 'line',
          silent: true,
          z: 3,
          ...axes,
          symbol: SYMBOLS[number % SYMBOLS.length],
          symbolSize: 7,
          showAllSymbol: true,
          lineStyle: { color, width: 2 },
          itemStyle: { color },
          data: variants.map((variant) => cellOf(variant, measure, 'median')),
        },
      ];
    }),
  };
};

const sentenceOf = (measure: MeasureName, series: readonly Series[], labels: readonly string[]): string => {
  const ends = series.map(({ name, variants }) => {
    const text = [0, labels.length - 1].map((index) => {
      const median = variants[index]?.measures[measure]?.median;
      return `${median === undefined ? 'nothing' : quantityText(measure, median)} at ${labels[index]}`;
    });
    return `${name === '' ? '' : `${name} `}${text.join(', ')}`;
  });
  return `${measures[measure].label}: ${ends.join('; ')}.`;
};

/** The measures over the values of the first knob, a panel each; null where nothing was measured. */
export const sweepChart = (report: ComparisonReport): Chart | null => {
  const shown = plottedMeasures(report);
  if (shown.length === 0) return null;
  const series = seriesOf(report).map(({ name, variants }) => ({ name: plain(name), variants }));
  const labels = report.knobs[0]!.values.map(plain);
  const isRanged = report.seeds.length > 1;
  const panels = shown.map((measure, at) => panelOption({ measure, at, series, labels, isRanged }));
  const title = `${report.scenario}: over ${plain(report.knobs[0]!.path)}`;
  return {
    width: WIDTH,
    height: TOP + Math.ceil(panels.length / 2) * ROW - 40,
    title,
    description: `A panel for each measure, the values of the knob from left to right. ${shown.map((measure) => sentenceOf(measure, series, labels)).join(' ')}`,
    option: {
      title: [
        {
          text: title,
          subtext: subjectText(report),
          left: 16,
          top: 10,
          textStyle: { color: inks.ink, fontSize: 17 },
          subtextStyle: { color: inks.faint, fontSize: 12 },
        },
        ...panels.map((panel) => panel.title),
      ],
      ...(series.length > 1
        ? {
            legend: {
              top: 16,
              right: 20,
              data: series.map(({ name }) => name),
              textStyle: { color: inks.ink },
              selectedMode: false,
            },
          }
        : {}),
      grid: panels.map((panel) => panel.grid),
      xAxis: panels.map((panel) => panel.xAxis),
      yAxis: panels.map((panel) => panel.yAxis),
      series: panels.flatMap((panel) => panel.series),
    },
  };
};
