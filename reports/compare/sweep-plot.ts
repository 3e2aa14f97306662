import { type MeasureName, measureNames, measures } from '../../harness/compare/measures.ts';
import type { ComparisonReport, VariantReport } from '../../harness/compare/report.ts';
import { plain } from '../layout.ts';
import { cellOf, createCanvas, rangeOf } from './canvas.ts';
import { measureColumns, quantityText } from './cells.ts';

/** What belongs together in the plot of a sweep: one design, with one value of each knob but the first. */
export interface Series {
  /** Empty where there is only one. */
  readonly name: string;
  /** By the values of the first knob; undefined where there is none. */
  readonly variants: readonly (VariantReport | undefined)[];
}

/** The variants of a sweep by series: the first knob's values are the axis. */
export const seriesOf = ({ variants, knobs }: ComparisonReport): readonly Series[] => {
  const [axis, ...others] = knobs;
  const designs = new Set(variants.map(({ design }) => design));
  const nameOf = ({ design, settings }: VariantReport): string =>
    [...(designs.size > 1 ? [design] : []), ...others.map(({ path }) => `${path}=${settings[path]}`)].join(' ');
  return [...new Set(variants.map(nameOf))].map((name) => {
    const own = variants.filter((variant) => nameOf(variant) === name);
    return { name, variants: axis!.values.map((value) => own.find(({ settings }) => settings[axis!.path] === value)) };
  });
};

/** Measures that some variant has a number of. */
export const plottedMeasures = ({ variants }: ComparisonReport): readonly MeasureName[] =>
  measureNames.filter((measure) => variants.some((variant) => typeof variant.measures[measure]?.median === 'number'));

/** Whether no value of the knobs made a difference to any median. */
export const isFlat = ({ variants }: ComparisonReport): boolean =>
  measureNames.every((measure) => new Set(variants.map((variant) => variant.measures[measure]?.median)).size <= 1);

const HEIGHT = 5;
const ALONE = '●';
const MARKS = 'abcdefghijklmnopqrstuvwxyz';
const SEVERAL = '+';
const NEVER = '^';

const numbersOf = (variants: readonly (VariantReport | undefined)[], measure: MeasureName): readonly number[] =>
  variants.flatMap((variant) => {
    const spread = variant?.measures[measure];
    return spread ? [spread.min, spread.median, spread.max].filter((value) => typeof value === 'number') : [];
  });

const panel = (measure: MeasureName, series: readonly Series[], labels: readonly string[], width: number): readonly string[] => {
  const range = rangeOf(series.flatMap(({ variants }) => numbersOf(variants, measure)));
  const [low, high] = [quantityText(measure, range.min), quantityText(measure, range.max)];
  const gutter = 8;
  const isLevel = range.min === range.max;
  const canvas = createCanvas(width - gutter - 1, HEIGHT);
  const rowOf = (value: number): number => HEIGHT - 1 - cellOf(value, range, HEIGHT);
  const columnOf = (index: number): number => 1 + cellOf(index, { min: 0, max: labels.length - 1 }, canvas.width - 2);
  series.forEach(({ variants }, number) => {
    const mark = series.length === 1 ? ALONE : (MARKS[number] ?? SEVERAL);
    variants.forEach((variant, index) => {
      const spread = variant?.measures[measure];
      if (!spread) return;
      const column = columnOf(index);
      const { min, max, median } = spread;
      if (series.length === 1 && typeof min === 'number' && max !== min) {
        const top = max === 'never' ? 0 : rowOf(max);
        for (let row = top; row <= rowOf(min); row += 1) canvas.put(column, row, '│');
      }
      const row = median === 'never' ? 0 : rowOf(median);
      const text = median === 'never' ? NEVER : mark;
      canvas.put(column, row, canvas.isFree(column, row, 1) ? text : SEVERAL);
    });
  });
  const tick = (row: number): string => {
    if (isLevel) return row === rowOf(range.min) ? high : '';
    return row === 0 ? high : row === HEIGHT - 1 ? low : '';
  };
  const column = measureColumns.find((one) => one.measure === measure)!;
  const ends = `${labels[0]}${labels.length > 1 ? labels.at(-1)!.padStart(canvas.width - labels[0]!.length) : ''}`;
  return [
    `${measures[measure].label}, ${column.unit}`,
    ...canvas.lines().map((line, row) => `${tick(row).padStart(gutter - 1)} │${line}`),
    `${' '.repeat(gutter)}╰${'─'.repeat(canvas.width)}`,
    `${' '.repeat(gutter + 1)}${ends}`,
  ];
};

const beside = (left: readonly string[], right: readonly string[] | undefined, width: number): readonly string[] =>
  left.map((line, row) => `${line.padEnd(width)}${right?.[row] ?? ''}`.trimEnd());

/**
 * The measures over the values of the first knob in characters, two panels beside each other.
 * @param width columns
 */
export const sweepPlot = (report: ComparisonReport, width: number): readonly string[] => {
  const series = seriesOf(report);
  const labels = report.knobs[0]!.values.map(plain);
  const half = Math.floor(width / 2);
  const panels = plottedMeasures(report).map((measure) => panel(measure, series, labels, half - 2));
  const rows = panels.flatMap((left, index) =>
    index % 2 === 0 ? [...(index === 0 ? [] : ['']), ...beside(left, panels[index + 1], half)] : [],
  );
  const hasNever = report.variants.some((variant) => measureNames.some((name) => variant.measures[name]?.median === 'never'));
  return [
    ...rows,
    ...(series.length > 1
      ? ['', ...series.map(({ name }, index) => `${MARKS[index] ?? SEVERAL}  ${plain(name)}`), `${SEVERAL}  several`]
      : []),
    ...(hasNever ? [`${NEVER}  never reached`] : []),
    ...(isFlat(report) ? ['', 'No value made a difference in this scenario.'] : []),
  ];
};
