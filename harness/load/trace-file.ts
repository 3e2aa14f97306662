import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { nearestNames } from '../nearest-names.ts';
import { readTimestamp, type TimeUnit } from './timestamps.ts';

/** Largest trace file that is read, bytes: millions of rows of the public traces. */
export const MAX_TRACE_BYTES = 200_000_000;

/** How arrivals stand in a trace file. */
export interface TraceForm {
  /** Column or field of the timestamp; absent takes the one that is called `timestamp`, `timestamp_ms` or so. */
  readonly column?: string | undefined;
  /** Of timestamps that are numbers; absent takes it from the column's name. */
  readonly unit?: TimeUnit | undefined;
}

/** What keeps a file from being read as a trace. */
export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
  /** From 1; absent where the file as a whole is wrong. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** Takes one row, and tells whether there is need of another. */
type OnRow<Row> = (row: Row, line: number) => boolean;

const TIMESTAMP_NAME = /^timestamp(?:_(?:us|ms|s))?$/i;
const MAX_SHOWN = 60;

const quoted = (text: string): string => JSON.stringify(text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`);

const unitInName = (name: string): TimeUnit | undefined => /_(us|ms|s)$/i.exec(name)?.[1]?.toLowerCase() as TimeUnit | undefined;

const noColumn = (wanted: string | undefined, names: readonly string[]): string => {
  const known = `Columns: ${names.slice(0, 20).join(', ') || 'none'}`;
  return wanted === undefined
    ? `no column is called timestamp; expected one, or column: <name> beside file. ${known}`
    : `no column is called ${quoted(wanted)}.${nearestNames(wanted, names)} ${known}`;
};

/** Where the timestamp stands among the names; undefined when it is not there. */
const findColumn = (names: readonly string[], wanted: string | undefined): string | undefined =>
  names.find((name) => (wanted === undefined ? TIMESTAMP_NAME.test(name) : name === wanted));

/** Checks and takes timestamps one after another. */
const createIntake = (take: (us: number) => boolean) => {
  let last: { readonly us: number; readonly isDateTime: boolean; readonly text: string } | undefined;
  let originUs = 0;
  return (text: string, unit: TimeUnit | undefined, line: number): boolean => {
    const read = readTimestamp(text, unit);
    if (typeof read === 'string') throw new TraceFileError(`the timestamp ${quoted(text)} ${read}`, line);
    if (!last) originUs = read.isDateTime ? read.us : 0;
    else if (read.isDateTime !== last.isDateTime) {
      const [is, were] = read.isDateTime ? ['a date-time', 'numbers'] : ['a number', 'date-times'];
      throw new TraceFileError(`the timestamp ${quoted(text)} is ${is}, and those before are ${were}`, line);
    } else if (read.us < last.us) {
      throw new TraceFileError(
        `the timestamp ${quoted(text)} is before ${quoted(last.text)}; expected arrivals in order: sort them`,
        line,
      );
    }
    last = { ...read, text };
    return take(read.us - originUs);
  };
};

/** Ends csv-parse before the end of its text. */
const ENOUGH = new Error('no more rows are needed');

/** In RFC 4180: quotes, commas and line breaks within quotes. */
const eachCsvRow = (bytes: Buffer, onRow: OnRow<readonly string[]>): void => {
  try {
    parse(bytes, {
      bom: true,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record(row: readonly string[], { lines }) {
        if (!onRow(row, lines)) throw ENOUGH;
        return null;
      },
    });
  } catch (error) {
    if (error === ENOUGH) return;
    if (error instanceof CsvError) throw new TraceFileError(`not CSV: ${error.message}`, error.lines as number | undefined);
    throw error;
  }
};

/** Rows of CSV. Without a header, which the first row is when it holds no timestamp, the first column counts. */
const readCsv = (bytes: Buffer, { column, unit }: TraceForm, take: (us: number) => boolean): void => {
  const intake = createIntake(take);
  let index: number | undefined;
  let unitOfColumn = unit;
  eachCsvRow(bytes, (row, line) => {
    if (index === undefined) {
      const names = row.map((name) => name.trim());
      const name = findColumn(names, column);
      const isHeadless = name === undefined && column === undefined && typeof readTimestamp(row[0] ?? '', 'us') === 'object';
      if (name === undefined && !isHeadless) throw new TraceFileError(noColumn(column, names), line);
      index = name === undefined ? 0 : names.indexOf(name);
      unitOfColumn ??= name === undefined ? undefined : unitInName(name);
      if (name !== undefined) return true;
    }
    const text = row[index];
    if (text === undefined) throw new TraceFileError(`expected at least ${index + 1} columns, got ${row.length}`, line);
    return intake(text, unitOfColumn, line);
  });
};

function* linesOf(text: string): Generator<readonly [text: string, line: number]> {
  let line = 1;
  for (let start = 0; start < text.length; line += 1) {
    const end = text.indexOf('\n', start);
    yield [text.slice(start, end < 0 ? text.length : end), line];
    if (end < 0) return;
    start = end + 1;
  }
}

const parseLine = (text: string, line: number): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = (error as Error).message.replace(/ in JSON at position.*$/, '');
    throw new TraceFileError(`not JSON: ${reason}; expected one value a line`, line);
  }
};

/** A line of JSON is an object with the timestamp in a field, or the timestamp itself. */
const readJsonLines = (bytes: Buffer, { column, unit }: TraceForm, take: (us: number) => boolean): void => {
  const intake = createIntake(take);
  for (const [text, line] of linesOf(bytes.toString('utf8').replace(/^\uFEFF/, ''))) {
    if (text.trim() === '') continue;
    const value = parseLine(text, line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const names = isObject ? Object.keys(value) : [];
    const name = isObject ? findColumn(names, column) : undefined;
    if (isObject && name === undefined) throw new TraceFileError(noColumn(column, names), line);
    const timestamp = name === undefined ? value : (value as Record<string, unknown>)[name];
    if (typeof timestamp !== 'number' && typeof timestamp !== 'string') {
      throw new TraceFileError(`expected a timestamp, got ${quoted(JSON.stringify(timestamp))}`, line);
    }
    if (!intake(String(timestamp), unit ?? (name === undefined ? undefined : unitInName(name)), line)) return;
  }
};

/** How a trace file is read, by its extension. */
const readers: Readonly<Record<string, typeof readCsv>> = { '.csv': readCsv, '.jsonl': readJsonLines, '.ndjson': readJsonLines };

const extensions = Object.keys(readers).join(', ');

const missing = (path: string): TraceFileError => {
  const folder = dirname(path);
  if (!existsSync(folder)) return new TraceFileError('does not exist, nor does its folder');
  const files = readdirSync(folder).filter((file) => Object.hasOwn(readers, extname(file)));
  return new TraceFileError(`does not exist.${nearestNames(basename(path), files)}`.replace(/\.$/, ''));
};

/**
 * Reads arrivals out of a trace file, in order, until enough are taken; what comes after that is not looked at.
 * @param take gets microseconds since the trace's 0, which is the first arrival where timestamps are date-times; false ends the reading
 * @throws {TraceFileError} what is wrong, with its line
 */
export const readTraceFile = (path: string, form: TraceForm, take: (us: number) => boolean): void => {
  const read = readers[extname(path).toLowerCase()];
  if (!read) throw new TraceFileError(`is no trace by its extension; expected ${extensions}`);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw missing(path);
  if (!stats.isFile()) throw new TraceFileError('is not a file');
  if (stats.size > MAX_TRACE_BYTES) {
    throw new TraceFileError(`has ${stats.size} bytes; expected at most ${MAX_TRACE_BYTES}: cut out the stretch that is needed`);
  }
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new TraceFileError(`can't be read: ${(error as Error).message}`);
  }
  read(bytes, form, take);
};
