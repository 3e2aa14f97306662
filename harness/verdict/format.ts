import type { Unit } from './metrics.ts';

/** Milliseconds from which a latency reads better in seconds. */
const SECONDS_FROM_MS = 10_000;
const MAX_EXTRA_DECIMALS = 6;

/** Fixed decimals without trailing zeros; never an exponent. */
const decimal = (value: number, decimals: number): string => {
  const text = value.toFixed(Math.min(Math.max(decimals, 0), 20));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
};

const SHARE_DECIMALS = 2;
const MAX_SHARE_DECIMALS = 6;

/** A share in percent. Rounding never makes it 0 or 100 % when it is not: "all but one of a million" is no 100 %. */
const percent = (share: number, extraDecimals: number): string => {
  const wanted = SHARE_DECIMALS + extraDecimals;
  for (let decimals = wanted; decimals < MAX_SHARE_DECIMALS; decimals += 1) {
    const text = decimal(share * 100, decimals);
    if ((text !== '0' || share === 0) && (text !== '100' || share === 1)) return text;
  }
  return decimal(share * 100, Math.max(wanted, MAX_SHARE_DECIMALS));
};

/** Three significant digits below a dollar, cents from there on. */
const dollars = (usd: number, extraDecimals: number): string => {
  const magnitude = usd === 0 ? 0 : Math.floor(Math.log10(Math.abs(usd)));
  return decimal(usd, (magnitude < 0 ? 2 - magnitude : 2) + extraDecimals);
};

const numbers: Readonly<Record<Unit, (value: number, extraDecimals: number) => string>> = {
  share: percent,
  ms: (ms, extraDecimals) => decimal(ms, (ms < 10 ? 1 : 0) + extraDecimals),
  'per-second': (perS, extraDecimals) => decimal(perS, 1 + extraDecimals),
  usd: dollars,
  count: (count, extraDecimals) => decimal(count, extraDecimals),
};

/** A number in its unit's own scale (shares in percent), without the unit: for a column whose head names it. */
export const formatNumber = (unit: Unit, value: number, extraDecimals = 0): string => numbers[unit](value, extraDecimals);

/** A point or a length of the timeline: seconds, e.g. `12.3 s`. */
export const formatTime = (ms: number): string => `${decimal(ms / 1000, 1)} s`;

/** A moment in a column of moments: seconds with one decimal always, so that they line up. */
export const formatMoment = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const values: Readonly<Record<Unit, (value: number, extraDecimals: number) => string>> = {
  share: (value, extra) => `${formatNumber('share', value, extra)} %`,
  ms: (value, extra) =>
    value < SECONDS_FROM_MS ? `${formatNumber('ms', value, extra)} ms` : `${decimal(value / 1000, 1 + extra)} s`,
  'per-second': (value, extra) => `${formatNumber('per-second', value, extra)}/s`,
  usd: (value, extra) => `$${formatNumber('usd', value, extra)}`,
  count: (value, extra) => formatNumber('count', value, extra),
};

/** A value with its unit, e.g. `812 ms`, `99.95 %`, `48.2/s`, `$0.0123`. */
export const formatValue = (unit: Unit, value: number, extraDecimals = 0): string => values[unit](value, extraDecimals);

/** A bound as an expectation gives it. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** E.g. `<= 300 ms`, `>= 99 % and <= 100 %`. */
export const formatBounds = (unit: Unit, { min, max }: Bounds): string => {
  const parts = [
    ...(min === undefined ? [] : [`>= ${formatValue(unit, min)}`]),
    ...(max === undefined ? [] : [`<= ${formatValue(unit, max)}`]),
  ];
  return parts.length === 0 ? 'any' : parts.join(' and ');
};

/** A value to be read beside its bounds: with as many decimals as tell it from a bound that it only nearly meets. */
export const formatAgainst = (unit: Unit, value: number, { min, max }: Bounds): string => {
  const others = [min, max].filter((bound) => bound !== undefined && bound !== value) as number[];
  for (let extra = 0; extra < MAX_EXTRA_DECIMALS; extra += 1) {
    const text = formatValue(unit, value, extra);
    if (others.every((bound) => formatValue(unit, bound) !== text)) return text;
  }
  return formatValue(unit, value, MAX_EXTRA_DECIMALS);
};
