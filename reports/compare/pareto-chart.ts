import type { ComparisonReport } from '../../harness/compare/report.ts';
import { formatValue } from '../../harness/verdict/format.ts';
import { plain } from '../layout.ts';
import { subjectText } from './cells.ts';
import { type Chart, FONT, inks } from './chart.ts';
import { axisNumber, axisRange, axisStyle, whiskers } from './chart-option.ts';
import { frontOf, type Placed, placedVariants } from './pareto-plot.ts';
import { type Box, placeLabels } from './place-labels.ts';

const WIDTH = 860;
const HEIGHT = 520;

const GRID = { left: 84, right: 40, top: 92, bottom: 66 };
/** What the axes enclose, in pixels. */
const AREA = { left: GRID.left, top: GRID.top, right: WIDTH - GRID.right, bottom: HEIGHT - GRID.bottom };
const FONT_SIZE = 13;
/** Of a letter, against its size: wider than most fonts are, so that no label runs into another. */
const LETTER = 0.62;
const MARK_RADIUS = 7;

const percent = (share: number): number => share * 100;

const labelOf = ({ variant }: Placed): string =>
  `${plain(variant.name)}${variant.verdict.outcome === 'failed' ? ' (failed)' : ''}`;

const points = (placed: readonly Placed[], color: string, symbol: string, isFilled: boolean) => ({
  type: 'scatter',
  silent: true,
  symbol,
  symbolSize: 2 * MARK_RADIUS,
  z: 3,
  itemStyle: { color: isFilled ? color : inks.paper, borderColor: color, borderWidth: 2 },
  data: placed.map((one) => [one.costUsdPer1k, percent(one.availability)]),
});

/** A point in pixels. */
type Point = readonly [x: number, y: number];

/** The lines of the front as boxes of no width. */
const boxesOf = (steps: readonly Point[]): readonly Box[] =>
  steps.slice(1).flatMap(([x, y], index) => {
    const [beforeX, beforeY] = steps[index]!;
    return [
      { left: beforeX, right: x, top: beforeY - 1, bottom: beforeY + 1 },
      { left: x - 1, right: x + 1, top: Math.min(y, beforeY), bottom: Math.max(y, beforeY) },
    ];
  });

/** @param steps of the front, in pixels */
const labels = (placed: readonly Placed[], pixelOf: (value: readonly number[]) => Point, steps: readonly Point[]) => {
  const marks = placed.map((one) => {
    const [x, y] = pixelOf([one.costUsdPer1k, percent(one.availability)]);
    return { x, y, width: labelOf(one).length * FONT_SIZE * LETTER, text: labelOf(one) };
  });
  const room = { ...AREA, lineHeight: FONT_SIZE + 5, markRadius: MARK_RADIUS, obstacles: boxesOf(steps) };
  const places = placeLabels(marks, room);
  return marks.flatMap(({ x, y, width, text }, index) => {
    const place = places[index];
    if (!place) return [];
    const isRight = place.x > x;
    const end = isRight ? place.x - 3 : place.x + width + 3;
    const style = {
      text,
      x: isRight ? place.x : place.x + width,
      y: place.y,
      fill: inks.ink,
      fontSize: FONT_SIZE,
      fontFamily: FONT,
    };
    const leader = { x1: x, y1: y, x2: end, y2: place.y };
    return [
      ...(place.y === y ? [] : [{ type: 'line', z: 4, shape: leader, style: { stroke: inks.faint, lineWidth: 1 } }]),
      {
        type: 'text',
        z: 5,
        style: { ...style, textAlign: isRight ? 'left' : 'right', textVerticalAlign: 'middle', stroke: inks.paper, lineWidth: 3 },
      },
    ];
  });
};

/** Lowest and highest of cost and availability, where both have numbers. */
const rangesOf = (placed: readonly Placed[]): readonly (readonly number[])[] =>
  placed.flatMap(({ variant, costUsdPer1k, availability }) => {
    const { costPer1k, fullQuality: shares } = variant.measures;
    const ends = [costPer1k!.min, costPer1k!.max, shares!.min, shares!.max];
    if (!ends.every((end) => typeof end === 'number')) return [];
    const [lowCost, highCost, lowShare, highShare] = ends as [number, number, number, number];
    return [[costUsdPer1k, percent(availability), lowCost, highCost, percent(lowShare), percent(highShare)]];
  });

const sentenceOf = ({ variant, costUsdPer1k, availability }: Placed): string =>
  `${plain(variant.name)}: ${formatValue('share', availability)} at ${formatValue('usd', costUsdPer1k)}${variant.isOnFront ? ', on the front' : ''}.`;

/** Cost per 1,000 against availability at full quality, with the front as steps; null where no variant has a place. */
export const paretoChart = (report: ComparisonReport): Chart | null => {
  const placed = placedVariants(report);
  if (placed.length === 0) return null;
  const ranges = report.seeds.length > 1 ? rangesOf(placed) : [];
  const costs = axisRange([...placed.map(({ costUsdPer1k }) => costUsdPer1k), ...ranges.flatMap((range) => range.slice(2, 4))]);
  const shares = axisRange([
    ...placed.map(({ availability }) => percent(availability)),
    ...ranges.flatMap((range) => range.slice(4)),
  ]);
  const front = frontOf(placed);
  const behind = placed.filter(({ variant }) => !variant.isOnFront);
  const last = front.at(-1)!;
  const steps = [...front.map((one) => [one.costUsdPer1k, percent(one.availability)]), [costs.max, percent(last.availability)]];
  const pixelOf = ([cost, share]: readonly number[]): Point => [
    AREA.left + ((cost! - costs.min) / (costs.max - costs.min)) * (AREA.right - AREA.left),
    AREA.bottom - ((share! - shares.min) / (shares.max - shares.min)) * (AREA.bottom - AREA.top),
  ];
  const title = `${report.scenario}: cost against availability`;
  return {
    width: WIDTH,
    height: HEIGHT,
    title,
    description: `Cost per 1,000 answers from left to right, availability at full quality upwards. ${placed.map(sentenceOf).join(' ')}`,
    option: {
      title: {
        text: title,
        subtext: subjectText(report),
        left: 16,
        top: 10,
        textStyle: { color: inks.ink, fontSize: 17 },
        subtextStyle: { color: inks.faint, fontSize: 12 },
      },
      legend: {
        top: 18,
        right: 20,
        data: ['on the front', 'not on it'],
        itemWidth: 14,
        itemGap: 28,
        textStyle: { color: inks.faint },
        selectedMode: false,
      },
      grid: GRID,
      xAxis: {
        type: 'value',
        ...costs,
        name: 'Cost, $ per 1,000 answers',
        nameLocation: 'middle',
        nameGap: 34,
        ...axisStyle,
        axisLabel: { ...axisStyle.axisLabel, formatter: axisNumber(costs), showMinLabel: false, showMaxLabel: false },
      },
      yAxis: {
        type: 'value',
        ...shares,
        name: 'Availability at full quality, %',
        nameLocation: 'middle',
        nameGap: 58,
        ...axisStyle,
        axisLabel: { ...axisStyle.axisLabel, formatter: axisNumber(shares, 0, 100), showMinLabel: false, showMaxLabel: false },
      },
      graphic: labels([...front, ...behind], pixelOf, steps.map(pixelOf)),
      series: [
        {
          type: 'line',
          silent: true,
          step: 'end',
          symbol: 'none',
          z: 2,
          lineStyle: { color: inks.front, width: 2 },
          data: steps,
        },
        ...(ranges.length > 0 ? [whiskers(ranges)] : []),
        { name: 'on the front', ...points(front, inks.front, 'diamond', true), z: 4 },
        { name: 'not on it', ...points(behind, inks.behind, 'circle', false) },
      ],
    },
  };
};
