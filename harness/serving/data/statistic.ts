import type { DatasetColumn, DatasetRow } from './dataset.ts';

/** Of whose rows a statistic is: those whose column is within the bounds, both included. */
export interface Where {
  readonly column: string;
  readonly from: number;
  readonly to: number;
}

/** What a caller asks about all rows at once. */
export type Statistic =
  | { readonly of: 'count'; readonly where?: Where }
  | { readonly of: 'mean'; readonly column: string; readonly where?: Where }
  | { readonly of: 'histogram'; readonly column: string; readonly bins: number; readonly where?: Where };

/** Why a statistic cannot be had: its text says what would be right. */
export class BadStatistic extends Error {
  override readonly name = 'BadStatistic';
}

/** Place of a column. @throws {BadStatistic} when there is none of that name */
export const columnAt = (columns: readonly DatasetColumn[], name: string): number => {
  const at = columns.findIndex((column) => column.name === name);
  if (at >= 0) return at;
  throw new BadStatistic(
    `There is no column ${JSON.stringify(name)}; there are ${columns.map(({ name: known }) => known).join(', ')}.`,
  );
};

/** The rows that a statistic is of. */
export const selectRows = (
  rows: readonly DatasetRow[],
  columns: readonly DatasetColumn[],
  where: Where | undefined,
): readonly DatasetRow[] => {
  if (!where) return rows;
  const at = columnAt(columns, where.column);
  return rows.filter((row) => row[at]! >= where.from && row[at]! <= where.to);
};

/** In which of equally wide bins between the declared bounds a value is. */
export const binOf = (value: number, { min, max }: DatasetColumn, bins: number): number =>
  Math.min(bins - 1, Math.max(0, Math.floor(((value - min) / (max - min)) * bins)));

/** The statistic as it is, with nothing added: one number, or one a bin. The mean of no rows is the middle of the column's bounds. */
export const exactly = (
  statistic: Statistic,
  rows: readonly DatasetRow[],
  columns: readonly DatasetColumn[],
): readonly number[] => {
  const selected = selectRows(rows, columns, statistic.where);
  if (statistic.of === 'count') return [selected.length];
  const at = columnAt(columns, statistic.column);
  const column = columns[at]!;
  if (statistic.of === 'mean') {
    if (selected.length === 0) return [(column.min + column.max) / 2];
    return [selected.reduce((sum, row) => sum + row[at]!, 0) / selected.length];
  }
  const counts = Array.from({ length: statistic.bins }, () => 0);
  for (const row of selected) counts[binOf(row[at]!, column, statistic.bins)]! += 1;
  return counts;
};

/** Most bins of a histogram. */
export const MAX_BINS = 100;

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const WHERE = /^([\w-]+):(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/;

const whereOf = (text: string | null): { readonly where?: Where } => {
  if (text === null) return {};
  const [, column, from, to] = WHERE.exec(text) ?? [];
  if (column === undefined)
    throw new BadStatistic(`where is ${JSON.stringify(text)}; column:from..to is expected, such as age:40..49.`);
  return { where: { column, from: Number(from), to: Number(to) } };
};

/**
 * A statistic as a query string has it: `of=mean&column=age&where=district:3..3`.
 * @throws {BadStatistic}
 */
export const readStatistic = (query: URLSearchParams, columns: readonly DatasetColumn[]): Statistic => {
  const of = query.get('of');
  const where = whereOf(query.get('where'));
  if (where.where) columnAt(columns, where.where.column);
  if (of === 'count') return { of, ...where };
  const column = query.get('column') ?? '';
  if (of === 'mean') {
    columnAt(columns, column);
    return { of, column, ...where };
  }
  if (of !== 'histogram') throw new BadStatistic(`of is ${JSON.stringify(of)}; one of count, mean, histogram is expected.`);
  columnAt(columns, column);
  const bins = NUMBER.test(query.get('bins') ?? '') ? Number(query.get('bins')) : 10;
  if (!Number.isInteger(bins) || bins < 1 || bins > MAX_BINS)
    throw new BadStatistic(`bins is ${bins}; a whole number from 1 to ${MAX_BINS} is expected.`);
  return { of, column, bins, ...where };
};

/** The other way round. */
export const writeStatistic = (statistic: Statistic): string => {
  const { of, where } = statistic;
  const parts = [
    ['of', of],
    ...('column' in statistic ? [['column', statistic.column]] : []),
    ...('bins' in statistic ? [['bins', String(statistic.bins)]] : []),
    ...(where ? [['where', `${where.column}:${where.from}..${where.to}`]] : []),
  ];
  return parts.map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join('&');
};
