import { readTimestamp } from '../../load/timestamps.ts';
import type { Column } from './columns.ts';
import { type Field, fields } from './fields.ts';

/** What stands for nothing in exports of monitoring systems. */
const MISSING = new Set(['', '-', '–', 'null', 'nan', 'none', 'n/a', 'na']);

const MS_PER_UNIT: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000 };

/** From this on a number of that unit since 1970 lies after 2001; smaller ones count from the start of the recording. */
const SINCE_1970: readonly (readonly [least: number, msPer: number])[] = [
  [1e18, 1e-6],
  [1e15, 1e-3],
  [1e12, 1],
  [1e9, 1000],
];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const isMissing = (text: string): boolean => MISSING.has(text.trim().toLowerCase());

/** Milliseconds of a moment, or what is wrong with it. */
const readTime = (text: string, unit: Column['unit']): number | string => {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) {
    const value = Number(trimmed);
    if (value < 0) return 'is before the start of the recording';
    if (unit !== undefined && MS_PER_UNIT[unit] !== undefined) return value * MS_PER_UNIT[unit];
    return value * (SINCE_1970.find(([least]) => value >= least)?.[1] ?? 1000);
  }
  const read = readTimestamp(trimmed, undefined);
  return typeof read === 'string' ? 'is no time; expected ISO 8601, such as 2026-01-31T12:00:00Z, or a number' : read.us / 1000;
};

const readNumber = (text: string): number | string => {
  const trimmed = text.trim().replace(/^\$/, '');
  return NUMBER.test(trimmed) ? Number(trimmed) : 'is no number';
};

const readShare = (text: string, unit: Column['unit']): number | string => {
  const isPercent = unit === 'percent' || text.includes('%');
  const value = readNumber(text.replace('%', ''));
  if (typeof value === 'string') return value;
  const share = isPercent ? value / 100 : value;
  if (share >= 0 && share <= 1) return share;
  return isPercent
    ? 'is no share; expected 0 to 100 percent'
    : 'is no share; expected 0 to 1, or percent: a % sign, or a column whose name ends with _pct';
};

/** A number with its unit beside it, `48ms`, or in the column's; milliseconds where nobody says. */
const readDuration = (text: string, unit: Column['unit']): number | string => {
  const [, number = text, own] = /^(.*?)\s*(ns|us|µs|ms|s)$/i.exec(text.trim()) ?? [];
  const value = readNumber(number);
  if (typeof value === 'string') return 'is no duration; expected a number, or one with its unit such as 48ms';
  return value * MS_PER_UNIT[own?.toLowerCase().replace('µ', 'u') ?? (unit !== undefined && unit in MS_PER_UNIT ? unit : 'ms')]!;
};

const notNegative = (value: number | string): number | string =>
  typeof value === 'number' && value < 0 ? 'is negative; expected 0 or more' : value;

const readers: Readonly<Record<Exclude<Field['kind'], 'text'>, (text: string, unit: Column['unit']) => number | string>> = {
  time: readTime,
  count: (text) => notNegative(readNumber(text)),
  number: (text) => notNegative(readNumber(text)),
  share: readShare,
  'count-or-share': (text, unit) =>
    unit === 'share' || unit === 'percent' || text.includes('%') ? readShare(text, unit) : notNegative(readNumber(text)),
  duration: (text, unit) => notNegative(readDuration(text, unit)),
};

/**
 * Reads a cell.
 * @returns the number in milliseconds, shares 0..1 or as it is; null for nothing; a text that says what is wrong, as the end of a sentence
 */
export const readCell = (text: string, { field, unit }: Column): number | string | null => {
  const { kind } = fields[field] as Field;
  if (isMissing(text)) return kind === 'time' ? 'is missing' : null;
  if (kind === 'text') throw new TypeError(`${field} is no number`);
  return readers[kind](text, unit);
};

/** Whether counts of the column are shares already. */
export const isShareColumn = ({ unit }: Column, text: string): boolean =>
  unit === 'share' || unit === 'percent' || text.includes('%');
