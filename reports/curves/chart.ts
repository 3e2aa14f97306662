import type { CurveMeasure, CurveReport } from '../../harness/verdict/curves.ts';
import { formatTime } from '../../harness/verdict/format.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { type Chart, inks } from '../compare/chart.ts';
import { axisStyle } from '../compare/chart-option.ts';
import { plain } from '../layout.ts';
import { curveMeasures } from './lines.ts';

const WIDTH = 960;
const LEFT = 70;
const PANEL_WIDTH = 860;
const PANEL_HEIGHT = 150;
const TOP = 96;
const ROW = PANEL_HEIGHT + 70;

/** In the unit of the panel's axis: shares in percent. */
const scaled = (measure: CurveMeasure, value: number | null): number | null =>
  value === null ? null : measure === 'errorRate' ? value * 100 : value;

const UNITS: Readonly<Record<CurveMeasure, string>> = {
  errorRate: 'error rate, % of calls',
  p50Ms: 'median latency, ms',
  p99Ms: '99th percentile of latency, ms',
};

/** A point stands in the middle of its step; a gap in what is known is a gap in the line. */
const line = (curve: CurveReport, from: 'recorded' | 'reproduced', measure: CurveMeasure, at: number, color: string) => ({
  name: from,
  type: 'line',
  silent: true,
  xAxisIndex: at,
  yAxisIndex: at,
  symbol: from === 'recorded' ? 'emptyCircle' : 'circle',
  symbolSize: 3,
  showAllSymbol: true,
  connectNulls: false,
  z: from === 'recorded' ? 2 : 3,
  lineStyle: { color, width: 1.5, type: from === 'recorded' ? 'dashed' : 'solid' },
  itemStyle: { color },
  data: curve.points.map(({ atMs, [from]: values }) => [(atMs + curve.stepMs / 2) / 1000, scaled(measure, values[measure])]),
});

const isShown = (curve: CurveReport, measure: CurveMeasure): boolean =>
  curve.points.some(({ recorded, reproduced }) => recorded[measure] !== null || reproduced[measure] !== null);

const panel = (curve: CurveReport, measure: CurveMeasure, at: number, durationMs: number) => {
  const top = TOP + at * ROW;
  return {
    title: { text: UNITS[measure], left: LEFT - 40, top: top - 30, textStyle: { color: inks.ink, fontSize: 13 } },
    grid: { left: LEFT, top, width: PANEL_WIDTH, height: PANEL_HEIGHT },
    xAxis: {
      type: 'value',
      gridIndex: at,
      min: 0,
      max: durationMs / 1000,
      ...axisStyle,
      axisLabel: { ...axisStyle.axisLabel, formatter: '{value} s' },
    },
    yAxis: { type: 'value', gridIndex: at, min: 0, splitNumber: 4, ...axisStyle },
    series: [line(curve, 'recorded', measure, at, inks.second), line(curve, 'reproduced', measure, at, inks.front)],
  };
};

const sentenceOf = (curve: CurveReport): string =>
  curveMeasures
    .flatMap(({ measure, label, text }) => {
      const difference = curve.difference[measure];
      if (!difference) return [];
      const apart = measure === 'errorRate' ? `${Number((difference.mean * 100).toFixed(2))} points` : text(difference.mean);
      return [`${label}: apart by ${apart} on average over ${difference.steps} steps`];
    })
    .join('; ') || 'Nothing could be compared.';

/** What was recorded in a region over what the run gave there, a panel a measure. */
export const curveChart = (report: RunReport, curve: CurveReport): Chart => {
  const shown = curveMeasures.map(({ measure }) => measure).filter((measure) => isShown(curve, measure));
  const panels = shown.map((measure, at) => panel(curve, measure, at, report.durationMs));
  const title = plain(`${curve.target}: recorded and reproduced`);
  return {
    width: WIDTH,
    height: TOP + Math.max(1, shown.length) * ROW - 20,
    title,
    description: `${plain(report.title)}, design ${plain(report.design)}, ${report.world}, ${formatTime(report.durationMs)}. ${sentenceOf(curve)}`,
    option: {
      title: [
        { text: title, left: LEFT - 40, top: 10, textStyle: { color: inks.ink, fontSize: 16 } },
        ...panels.map((one) => one.title),
      ],
      legend: { data: ['recorded', 'reproduced'], right: 30, top: 12, textStyle: { color: inks.ink } },
      grid: panels.map((one) => one.grid),
      xAxis: panels.map((one) => one.xAxis),
      yAxis: panels.map((one) => one.yAxis),
      series: panels.flatMap((one) => one.series),
    },
  };
};
