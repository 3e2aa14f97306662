import type { SquallError } from '../../errors.ts';
import { emptyPoint, type IncidentPoint, type IncidentSeries } from '../incident.ts';
import { importLimits } from '../limits.ts';
import { mergePoints } from '../merge-points.ts';
import type { Column } from './columns.ts';
import { type Field, type FieldName, fields } from './fields.ts';
import { isShareColumn, readCell } from './values.ts';

/** Makes the one error of a row. @param column name of the column that is wrong; absent where the row is */
export type RowProblem = (message: string, column?: string) => SquallError;

/** Takes rows one by one. */
export interface RowIntake {
  /** @param cell text of a column; undefined where the row has none */
  take(cell: (name: string) => string | undefined, problem: RowProblem): void;
  series(): readonly IncidentSeries[];
  readonly rows: number;
}

const quoted = (text: string): string => JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 40)}...`);

/** Counts and shares of one row, as they stand there. */
type Numbers = Readonly<Partial<Record<FieldName, { readonly value: number; readonly isShare: boolean; readonly name: string }>>>;

/** A count as a share of the row's requests. */
const shareOf = (numbers: Numbers, field: FieldName, problem: RowProblem): number | null => {
  const given = numbers[field];
  if (!given) return null;
  if (given.isShare) return given.value;
  const { requests } = numbers;
  if (!requests) throw problem(`${given.name} is a count, and the row has no requests to make a share of it`, given.name);
  if (requests.value === 0) return null;
  if (given.value > requests.value) throw problem(`${given.value} of ${requests.value} requests`, given.name);
  return given.value / requests.value;
};

const pointOf = (numbers: Numbers, problem: RowProblem): IncidentPoint => {
  const parts = {
    throttledShare: shareOf(numbers, 'throttled', problem),
    timeoutShare: shareOf(numbers, 'timeouts', problem),
    connectionShare: shareOf(numbers, 'connectionErrors', problem),
  };
  const known = Object.values(parts).filter((share) => share !== null);
  const ofParts =
    known.length === 0
      ? null
      : Math.min(
          1,
          known.reduce((sum, share) => sum + share, 0),
        );
  const success = numbers.successRate?.value;
  const told =
    numbers.errorRate?.value ?? (success === undefined ? undefined : 1 - success) ?? shareOf(numbers, 'errors', problem);
  return {
    ...emptyPoint(numbers.time!.value),
    ...parts,
    requests: numbers.requests?.value ?? null,
    // Some count throttled calls among the errors, some beside them: neither may make them fewer.
    errorRate: told === null ? ofParts : Math.max(told, ofParts ?? 0),
    p50Ms: numbers.p50?.value ?? null,
    p95Ms: numbers.p95?.value ?? null,
    p99Ms: numbers.p99?.value ?? null,
    price: numbers.price?.value ?? null,
    status: numbers.status?.value ?? null,
  };
};

/** Rows of the same moment and region are one point. */
const toSeries = (key: string, points: readonly IncidentPoint[]): IncidentSeries => {
  const byTime = Map.groupBy(points, ({ atMs }) => atMs);
  return { key, points: [...byTime].sort(([a], [b]) => a - b).map(([atMs, own]) => mergePoints(own, atMs)) };
};

/** @param fallbackKey what rows belong to that name no region; absent refuses them */
export const createRowIntake = (columns: readonly Column[], fallbackKey: string | undefined): RowIntake => {
  const byKey = new Map<string, IncidentPoint[]>();
  const textColumn = (field: FieldName) => columns.find((column) => column.field === field)?.name;
  const [provider, region] = [textColumn('provider'), textColumn('region')];
  const numeric = columns.filter(({ field }) => (fields[field] as Field).kind !== 'text');
  let rows = 0;

  const keyOf = (cell: (name: string) => string | undefined): string => {
    const parts = [provider, region].flatMap((name) => (name === undefined ? [] : [cell(name)?.trim() ?? '']));
    return parts.filter((part) => part !== '').join('/') || (fallbackKey ?? '');
  };

  return {
    get rows() {
      return rows;
    },
    take(cell, problem) {
      rows += 1;
      if (rows > importLimits.rows) throw problem(`expected at most ${importLimits.rows.toLocaleString('en')} rows`);
      const numbers: Record<string, { value: number; isShare: boolean; name: string }> = {};
      for (const column of numeric) {
        const text = cell(column.name) ?? '';
        const value = readCell(text, column);
        if (typeof value === 'string') throw problem(`${column.name} ${quoted(text)} ${value}`, column.name);
        if (value !== null) numbers[column.field] = { value, isShare: isShareColumn(column, text), name: column.name };
      }
      const key = keyOf(cell);
      if (key === '') throw problem('names no region; expected a column region, or --region aws/us-east-1 for all such rows');
      const own = byKey.get(key) ?? [];
      byKey.set(key, own);
      if (byKey.size > importLimits.series)
        throw problem(`expected at most ${importLimits.series} regions; ${quoted(key)} is one more`);
      own.push(pointOf(numbers, problem));
    },
    series: () => [...byKey].map(([key, points]) => toSeries(key, points)),
  };
};

/** What columns an incident can't do without, in a sentence; undefined when all are there. */
export const missingColumns = (columns: readonly Column[], names: readonly string[]): string | undefined => {
  const has = (field: FieldName) => columns.some((column) => column.field === field);
  const shown = `Columns: ${names.slice(0, 20).join(', ') || 'none'}`;
  if (!has('time')) return `no column holds the time; expected one called time or timestamp, or --column time=<name>. ${shown}`;
  const measures = (
    ['errorRate', 'successRate', 'errors', 'throttled', 'timeouts', 'connectionErrors', 'p50', 'p95', 'p99', 'price'] as const
  ).some(has);
  if (measures) return undefined;
  return `no column holds an error rate, a latency or a price; expected error_rate, p50, p99, price or so, or --column <field>=<name>. ${shown}`;
};
