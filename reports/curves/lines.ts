import type { CurveMeasure, CurveReport } from '../../harness/verdict/curves.ts';
import { formatNumber, formatTime, formatValue } from '../../harness/verdict/format.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { cellOf, createCanvas } from '../compare/canvas.ts';
import { columns, hanging, plain } from '../layout.ts';

/** A measure of curves as reports name it. */
export interface MeasureText {
  readonly measure: CurveMeasure;
  readonly label: string;
  /** A value with its unit. */
  readonly text: (value: number) => string;
}

const ms = (value: number): string => formatValue('ms', value);

/** Measures in the order in which they are shown. */
export const curveMeasures: readonly MeasureText[] = [
  { measure: 'errorRate', label: 'error rate', text: (value) => formatValue('share', value) },
  { measure: 'p50Ms', label: 'p50', text: ms },
  { measure: 'p99Ms', label: 'p99', text: ms },
];

/** Of the terminal's charts: two of them beside each other. */
const CHART_WIDTH = 28;
const CHART_HEIGHT = 5;
const GUTTER = 8;

const RECORDED = '○';
const REPRODUCED = '●';
const BOTH = '◉';

/** More regions than these have their figures only. */
const MAX_CHARTS = 4;

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Means of so many equal parts of the timeline; null where nothing is known. */
const inCells = (curve: CurveReport, from: 'recorded' | 'reproduced', measure: CurveMeasure, durationMs: number) =>
  Array.from({ length: CHART_WIDTH }, (_, cell): number | null => {
    const own = curve.points.flatMap((point) => {
      const value = point[from][measure];
      return value !== null && Math.floor((point.atMs / durationMs) * CHART_WIDTH) === cell ? [value] : [];
    });
    return own.length === 0 ? null : meanOf(own);
  });

/** One measure over the timeline: what was recorded, what came of it, and where both are the same row. */
const chart = (curve: CurveReport, { measure, label, text }: MeasureText, durationMs: number): readonly string[] => {
  const [recorded, reproduced] = (['recorded', 'reproduced'] as const).map((from) => inCells(curve, from, measure, durationMs));
  const values = [...recorded!, ...reproduced!].filter((value) => value !== null);
  if (values.length === 0) return [];
  const range = { min: 0, max: Math.max(...values, measure === 'errorRate' ? 0.01 : 1) };
  const rowOf = (value: number): number => CHART_HEIGHT - 1 - cellOf(value, range, CHART_HEIGHT);
  const canvas = createCanvas(CHART_WIDTH, CHART_HEIGHT);
  for (let cell = 0; cell < CHART_WIDTH; cell += 1) {
    const [was, is] = [recorded![cell], reproduced![cell]];
    const rows = [was, is].map((value) => (value == null ? undefined : rowOf(value)));
    if (rows[0] !== undefined) canvas.put(cell, rows[0], rows[0] === rows[1] ? BOTH : RECORDED);
    if (rows[1] !== undefined && rows[0] !== rows[1]) canvas.put(cell, rows[1], REPRODUCED);
  }
  const tick = (row: number): string => (row === 0 ? text(range.max) : row === CHART_HEIGHT - 1 ? text(0) : '');
  return [
    label,
    ...canvas.lines().map((line, row) => `${tick(row).padStart(GUTTER - 1)} │${line}`),
    `${' '.repeat(GUTTER)}╰${'─'.repeat(CHART_WIDTH)}`,
  ];
};

const beside = (left: readonly string[], right: readonly string[]): readonly string[] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, row) =>
    `${(left[row] ?? '').padEnd(GUTTER + CHART_WIDTH + 3)}${right[row] ?? ''}`.trimEnd(),
  );

/** How close the two are: a row a region and measure. */
const differences = (curves: readonly CurveReport[]): readonly string[] => {
  const rows = curves.flatMap((curve) =>
    curveMeasures.flatMap(({ measure, label, text }) => {
      const difference = curve.difference[measure];
      if (!difference) return [];
      const { mean, recordedMean, steps, of } = difference;
      const relative = measure === 'errorRate' || recordedMean === 0 ? '' : `${formatNumber('share', mean / recordedMean)} %`;
      const apart = measure === 'errorRate' ? `${formatNumber('share', mean)} points` : text(mean);
      return [[plain(curve.target), label, text(recordedMean), apart, relative, `${steps} of ${of}`]];
    }),
  );
  return rows.length === 0
    ? ['Nothing could be compared: no step has enough calls.']
    : columns({
        head: ['region', 'measure', 'recorded', 'apart by', 'of it', 'steps'],
        rows,
        align: ['left', 'left', 'right', 'right', 'right', 'right'],
      });
};

/** Recorded and reproduced curves of a run, and how far they are apart; none where nothing was recorded. */
export const curveLines = ({ curves = [], durationMs }: RunReport): readonly string[] => {
  if (curves.length === 0) return [];
  const charts = curves.slice(0, MAX_CHARTS).flatMap((curve) => {
    const [errors, latency] = curveMeasures.map((measure) => chart(curve, measure, durationMs));
    return ['', plain(curve.target), ...beside(errors!, latency!)];
  });
  const left = curves.length - MAX_CHARTS;
  return [
    ...hanging(
      '',
      plain(
        `${RECORDED} recorded (${curves[0]!.source})  ${REPRODUCED} reproduced  ${BOTH} both, over ${formatTime(durationMs)}`,
      ),
    ),
    ...charts,
    ...(left > 0 ? ['', `and ${left} more, by reporter curves`] : []),
    '',
    ...differences(curves),
  ];
};
