import type { Content, ImportFile } from '../content.ts';
import type { ImportFormat } from '../format.ts';
import { badFile, badValue } from '../problem.ts';
import { isRecord } from '../records.ts';
import { bindColumns, problemOfColumns } from '../rows/columns.ts';
import { createRowIntake, missingColumns } from '../rows/points.ts';

/** Where exports have their rows, when not at the top. */
const ROWS_UNDER = ['rows', 'data', 'values', 'points', 'results'] as const;

interface Row {
  readonly value: unknown;
  readonly path: readonly (string | number)[];
  readonly line?: number;
  readonly text: string;
}

const rowsOf = (file: ImportFile, content: Content): readonly Row[] | undefined => {
  if (content.form === 'json-lines') return content.lines.map(({ value, line, text }) => ({ value, line, text, path: [] }));
  if (content.form !== 'json') return undefined;
  const { value } = content;
  const inList = (list: readonly unknown[], path: readonly string[]) =>
    list.map((one, index) => ({ value: one, path: [...path, index], text: file.text }));
  if (Array.isArray(value)) return inList(value, []);
  if (!isRecord(value)) return undefined;
  const under = ROWS_UNDER.find((name) => Array.isArray(value[name]));
  if (under !== undefined) return inList(value[under] as readonly unknown[], [under]);
  // A file with a single line of JSON lines.
  return [{ value, path: [], text: file.text }];
};

const textOf = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** The same rows as in CSV, as flat objects: a list, an object a line, or a list under `rows` or `data`. */
export const json: ImportFormat = {
  name: 'json',
  summary: 'The same rows as objects: a list, or an object a line.',
  detects: ({ form }) => form === 'json' || form === 'json-lines',
  read(file, content, { columns: given, region }) {
    const rows = rowsOf(file, content);
    if (!rows) throw badFile(file.name, { line: 1 }, 'is no list of rows; expected a JSON list of objects, or an object a line');
    if (rows.length === 0) throw badFile(file.name, { line: 1 }, 'has no rows');
    const names = [...new Set(rows.flatMap(({ value }) => (isRecord(value) ? Object.keys(value) : [])))];
    const bound = bindColumns(names, given);
    const missing = problemOfColumns(given, names) ?? missingColumns(bound.columns, names);
    if (missing !== undefined) throw badFile(file.name, { line: rows[0]!.line ?? 1 }, missing);
    const intake = createRowIntake(bound.columns, region);
    for (const { value, path, line, text } of rows) {
      const problem = (message: string, column?: string) =>
        badValue(
          { name: file.name, text, ...(line === undefined ? {} : { line }) },
          column === undefined ? path : [...path, column],
          message,
        );
      if (!isRecord(value)) throw problem('expected an object');
      intake.take((name) => textOf(value[name]), problem);
    }
    return { type: 'incident', series: intake.series(), unimported: bound.unimported };
  },
};
