import { CsvError, parse } from 'csv-parse/sync';
import type { ImportFormat } from '../format.ts';
import type { Unimported } from '../incident.ts';
import { badFile } from '../problem.ts';
import { bindColumns, problemOfColumns } from '../rows/columns.ts';
import { createRowIntake, missingColumns, type RowIntake } from '../rows/points.ts';

/** Commas; exports for spreadsheets in many countries have semicolons, and copies from them tabs. */
const DELIMITERS = [',', ';', '\t'] as const;

/** A header is no longer than that. */
const HEAD_CHARS = 65_536;

const delimiterOf = (text: string): string => {
  const header =
    text
      .slice(0, HEAD_CHARS)
      .split('\n')
      .find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  return DELIMITERS.toSorted((a, b) => header.split(b).length - header.split(a).length)[0]!;
};

/** Rows of an incident in RFC 4180, with a header; lines that start with # are comments. */
export const csv: ImportFormat = {
  name: 'csv',
  summary: 'Rows with a header: time, region, error rate, latency percentiles, price.',
  detects: ({ form }) => form === 'text',
  read(file, _content, { columns: given, region }) {
    let intake: RowIntake | undefined;
    let names: readonly string[] = [];
    let unimported: readonly Unimported[] = [];
    const startOf = (row: readonly string[]) => {
      names = row.map((name) => name.trim());
      const wrong = problemOfColumns(given, names);
      const bound = bindColumns(names, given);
      const missing = wrong ?? missingColumns(bound.columns, names);
      if (missing !== undefined) throw badFile(file.name, { line: 1, column: 1 }, missing);
      unimported = bound.unimported;
      intake = createRowIntake(bound.columns, region);
    };
    const delimiter = delimiterOf(file.text);
    try {
      parse(file.text, {
        bom: true,
        comment: '#',
        comment_no_infix: true,
        delimiter,
        record_delimiter: ['\r\n', '\n'],
        relax_column_count: true,
        skip_empty_lines: true,
        on_record(row: readonly string[], { lines: line }) {
          if (!intake) {
            startOf(row);
            return null;
          }
          // What stands in no column is not left out unseen: most often it is the second half of a cell. Spreadsheets end rows with empty ones.
          if (row.length > names.length && row.slice(names.length).some((cell) => cell.trim() !== ''))
            throw badFile(
              file.name,
              { line },
              `${row.length} cells, and the header has ${names.length}: a cell that holds "${delimiter}" takes quotes, and numbers have a decimal point`,
            );
          intake.take(
            (name) => row[names.indexOf(name)],
            (message, column) => {
              const index = column === undefined ? 0 : names.indexOf(column);
              const before = row.slice(0, index).reduce((sum, cell) => sum + cell.length + 1, 0);
              return badFile(file.name, { line, column: before + 1 }, message);
            },
          );
          return null;
        },
      });
    } catch (error) {
      if (error instanceof CsvError) throw badFile(file.name, { line: error.lines as number }, `not CSV: ${error.message}`);
      throw error;
    }
    if (!intake || intake.rows === 0) throw badFile(file.name, undefined, 'has no row below its header');
    return { type: 'incident', series: intake.series(), unimported };
  },
};
