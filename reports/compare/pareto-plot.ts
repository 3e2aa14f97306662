import type { ComparisonReport, VariantReport } from '../../harness/compare/report.ts';
import { medianOf } from '../../harness/compare/report.ts';
import { formatNumber } from '../../harness/verdict/format.ts';
import { plain } from '../layout.ts';
import { type Canvas, cellOf, createCanvas, rangeOf } from './canvas.ts';

const HEIGHT = 14;
const ON_FRONT = '◆';
const BEHIND = '○';

/** A variant with a place in the plot. */
export interface Placed {
  readonly variant: VariantReport;
  readonly costUsdPer1k: number;
  /** At full quality. */
  readonly availability: number;
}

/** Those that could be judged, with their medians. */
export const placedVariants = ({ variants }: ComparisonReport): readonly Placed[] =>
  variants.flatMap((variant) => {
    const costUsdPer1k = medianOf(variant, 'costPer1k');
    const availability = medianOf(variant, 'fullQuality');
    const isJudged = variant.verdict.outcome === 'passed' || variant.verdict.outcome === 'failed';
    return costUsdPer1k === null || availability === null || !isJudged ? [] : [{ variant, costUsdPer1k, availability }];
  });

/** The front from its cheapest member on. */
export const frontOf = (placed: readonly Placed[]): readonly Placed[] =>
  placed.filter(({ variant }) => variant.isOnFront).toSorted((a, b) => a.costUsdPer1k - b.costUsdPer1k);

interface Cell {
  readonly column: number;
  readonly row: number;
}

/** What can be had for at most that cost: level until the next member, then up to it. */
const drawFront = (canvas: Canvas, front: readonly Cell[]) => {
  front.forEach((from, index) => {
    const to = front[index + 1] ?? { column: canvas.width, row: from.row };
    for (let column = from.column + 1; column < to.column; column += 1) canvas.put(column, from.row, '─');
    if (to.row === from.row) return;
    canvas.put(to.column, from.row, '╯');
    for (let row = to.row + 1; row < from.row; row += 1) canvas.put(to.column, row, '│');
  });
};

/** Where a label may stand, the nearest to its mark first. */
const placesFor = ({ column, row }: Cell, length: number): readonly Cell[] =>
  [0, 1, -1, 2, -2, 3, -3, 4, -4].flatMap((down) => [
    { column: column + 3, row: row + down },
    { column: column - 2 - length, row: row + down },
    ...(down === 0 ? [] : [{ column: column - Math.floor(length / 2), row: row + down }]),
  ]);

/** With a column on each side, where there is one: two names must not run into one. */
const isFree = (canvas: Canvas, column: number, row: number, length: number): boolean => {
  const from = Math.max(0, column - 1);
  const to = Math.min(canvas.width, column + length + 1);
  return column >= 0 && column + length <= canvas.width && canvas.isFree(from, row, to - from);
};

/** @returns labels that found no room */
const drawLabels = (canvas: Canvas, labels: readonly (Cell & { readonly text: string })[]): readonly string[] =>
  labels.flatMap(({ text, ...cell }) => {
    const place = placesFor(cell, text.length).find(({ column, row }) => isFree(canvas, column, row, text.length));
    if (!place) return [text];
    canvas.put(place.column, place.row, text);
    return [];
  });

const middle = (min: number, max: number): number => (min + max) / 2;

/** Text under an axis: at its start, its middle and its end. */
const axisLabels = (texts: readonly [string, string, string], width: number): string => {
  const canvas = createCanvas(width, 1);
  canvas.put(0, 0, texts[0]);
  canvas.put(Math.floor((width - texts[1].length) / 2), 0, texts[1]);
  canvas.put(width - texts[2].length, 0, texts[2]);
  return canvas.lines()[0]!;
};

/** As many decimals as tell the ends of the axis apart. */
const ticks = (unit: 'share' | 'usd', min: number, max: number): readonly [string, string, string] => {
  const values = [min, middle(min, max), max] as const;
  for (let extra = 0; extra <= 4; extra += 1) {
    const texts = values.map((value) => formatNumber(unit, value, extra)) as [string, string, string];
    if (min === max || new Set(texts).size === values.length) return texts;
  }
  return values.map((value) => formatNumber(unit, value, 4)) as [string, string, string];
};

/**
 * Cost against availability at full quality in characters, the front as steps: what can be had for at most that cost.
 * @param width columns, the axis included
 * @returns no lines where no variant has a place
 */
export const paretoPlot = (report: ComparisonReport, width: number): readonly string[] => {
  const placed = placedVariants(report);
  if (placed.length === 0) return [];
  const costs = rangeOf(placed.map(({ costUsdPer1k }) => costUsdPer1k));
  const shares = rangeOf(placed.map(({ availability }) => availability));
  const yTicks = ticks('share', shares.min, shares.max);
  const gutter = Math.max(...yTicks.map((tick) => tick.length)) + 1;
  const inner = width - gutter - 1;
  const height = shares.min === shares.max ? Math.ceil(HEIGHT / 2) : HEIGHT;
  const canvas = createCanvas(inner, height);
  const cell = ({ costUsdPer1k, availability }: Placed): Cell => ({
    // A mark at the very edge would lean on the axis.
    column: 1 + cellOf(costUsdPer1k, costs, inner - 2),
    row: height - 1 - cellOf(availability, shares, height),
  });
  drawFront(canvas, frontOf(placed).map(cell));
  // The front's names have the first choice of place, and its marks are seen where others have the same.
  const named = placed.toSorted((a, b) => Number(b.variant.isOnFront) - Number(a.variant.isOnFront));
  for (const one of named.toReversed()) {
    const { column, row } = cell(one);
    canvas.put(column, row, one.variant.isOnFront ? ON_FRONT : BEHIND);
  }
  const left = drawLabels(
    canvas,
    named.map((one) => ({ ...cell(one), text: plain(one.variant.name) })),
  );
  const tickAt = new Map([
    [0, yTicks[2]],
    [height - 1, shares.min === shares.max ? '' : yTicks[0]],
    [Math.floor((height - 1) / 2), shares.min === shares.max ? '' : yTicks[1]],
  ]);
  if (shares.min === shares.max) tickAt.set(height - 1 - cellOf(shares.min, shares, height), yTicks[2]).set(0, '');
  return [
    'availability at full quality, %',
    ...canvas.lines().map((line, row) => `${(tickAt.get(row) ?? '').padStart(gutter - 1)} │${line}`),
    `${' '.repeat(gutter)}╰${'─'.repeat(inner)}`,
    `${' '.repeat(gutter + 1)}${axisLabels(ticks('usd', costs.min, costs.max), inner)}`,
    `${'cost, $ per 1,000'.padStart(width)}`,
    `${ON_FRONT} on the front: no other is as cheap and as available, and better in one`,
    ...(left.length === 0 ? [] : [`no room for the name of: ${left.join(', ')}`]),
  ];
};
