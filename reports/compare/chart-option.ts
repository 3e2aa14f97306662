import { inks } from './chart.ts';

/** An axis as all charts here have it. */
export const axisStyle = {
  axisLine: { show: true, lineStyle: { color: inks.faint } },
  axisTick: { lineStyle: { color: inks.faint } },
  axisLabel: { color: inks.faint },
  splitLine: { lineStyle: { color: inks.grid } },
  nameTextStyle: { color: inks.ink },
} as const;

/** Ends of an axis with some room beside the values; a point has room on both sides. */
export const axisRange = (values: readonly number[]): { readonly min: number; readonly max: number } => {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const room = max > min ? (max - min) * 0.08 : Math.max(Math.abs(max) * 0.01, 1e-9);
  return { min: min - room, max: max + room };
};

/**
 * Labels of an axis, with decimals that tell its ends apart.
 * @param most no label beyond what the measure can be: the room beside a share of 100 % has none
 */
export const axisNumber = (
  { min, max }: { readonly min: number; readonly max: number },
  least = 0,
  most = Number.POSITIVE_INFINITY,
) => {
  const decimals = Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(Math.max(max - min, 1e-9)))));
  return (value: number): string => (value < least || value > most ? '' : String(Number(value.toFixed(decimals))));
};

interface RangeApi {
  value(dimension: number): number;
  coord(point: readonly [number, number]): readonly [number, number];
}

const line = (from: readonly number[], to: readonly number[]) => ({
  type: 'line',
  shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
  style: { stroke: inks.behind, lineWidth: 1, fill: 'none' },
});

/** Whiskers from lowest to highest, one way or both: data are [x, y, x lowest, x highest, y lowest, y highest]. */
export const whiskers = (data: readonly (readonly number[])[], axes: object = {}) => ({
  type: 'custom',
  silent: true,
  z: 1,
  data,
  encode: { x: 0, y: 1 },
  ...axes,
  renderItem: (_: unknown, api: RangeApi) => {
    const [x, y, xMin, xMax, yMin, yMax] = [0, 1, 2, 3, 4, 5].map((dimension) => api.value(dimension)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return {
      type: 'group',
      children: [line(api.coord([xMin, y]), api.coord([xMax, y])), line(api.coord([x, yMin]), api.coord([x, yMax]))],
    };
  },
});
