import { nearestNames } from '../../nearest-names.ts';
import type { Unimported } from '../incident.ts';
import { type Field, type FieldName, fieldNames, fields } from './fields.ts';

/** A unit that a column's name may end with. */
export type ColumnUnit = 'ns' | 'us' | 'ms' | 's' | 'percent' | 'share' | 'usd';

const UNITS: Readonly<Record<string, ColumnUnit>> = {
  ns: 'ns',
  nanos: 'ns',
  us: 'us',
  micros: 'us',
  ms: 'ms',
  millis: 'ms',
  milliseconds: 'ms',
  s: 's',
  sec: 's',
  secs: 's',
  seconds: 's',
  pct: 'percent',
  percent: 'percent',
  rate: 'share',
  ratio: 'share',
  share: 'share',
  usd: 'usd',
};

/** A column that is understood. */
export interface Column {
  readonly field: FieldName;
  /** As the file writes it. */
  readonly name: string;
  readonly unit: ColumnUnit | undefined;
}

const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll('%', ' percent ')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');

const fieldOf = (words: readonly string[]): FieldName | undefined =>
  fieldNames.find((field) => (fields[field] as Field).names.includes(words.join('_')));

/** Reads `latency p99 (ms)`, `p99Ms` and `p99_ms` alike: the longest name that is known, then units. */
const readName = (name: string): { readonly field: FieldName; readonly unit: ColumnUnit | undefined } | undefined => {
  const words = wordsOf(name);
  for (let length = words.length; length > 0; length -= 1) {
    const field = fieldOf(words.slice(0, length));
    const rest = words.slice(length);
    if (field === undefined || rest.some((word) => !Object.hasOwn(UNITS, word))) continue;
    const units = rest.map((word) => UNITS[word]!);
    return { field, unit: units.find((unit) => unit !== 'share') ?? units[0] };
  }
  return undefined;
};

/** What is wrong with the names that a user has given, in a sentence; undefined when nothing is. */
export const problemOfColumns = (given: Readonly<Record<string, string>>, names: readonly string[]): string | undefined => {
  for (const [field, name] of Object.entries(given)) {
    if (!Object.hasOwn(fields, field)) {
      return `no field is called "${field}".${nearestNames(field, fieldNames)} Fields: ${fieldNames.join(', ')}`;
    }
    if (!names.includes(name)) return `no column is called "${name}".${nearestNames(name, names)} Columns: ${names.join(', ')}`;
  }
  return undefined;
};

/**
 * Finds out what the columns hold: by the user's word first, then by their names. Of several for one field the first counts.
 * @param given names of columns by field
 * @returns the columns, and those that nobody understands
 */
export const bindColumns = (
  names: readonly string[],
  given: Readonly<Record<string, string>>,
): { readonly columns: readonly Column[]; readonly unimported: readonly Unimported[] } => {
  const columns: Column[] = [];
  const unimported: Unimported[] = [];
  for (const [field, name] of Object.entries(given)) {
    const last = UNITS[wordsOf(name).at(-1) ?? ''];
    columns.push({ field: field as FieldName, name, unit: last });
  }
  for (const name of names) {
    if (columns.some((column) => column.name === name)) continue;
    const read = readName(name);
    const earlier = read && columns.find(({ field }) => field === read.field);
    if (read && !earlier) columns.push({ name, ...read });
    else {
      const why = earlier
        ? `${earlier.name} is taken for ${earlier.field} already`
        : 'no field has that name; --column <field>=<name> says what it holds';
      unimported.push({ what: `column ${name || '(no name)'}`, where: 'header', why });
    }
  }
  return { columns, unimported };
};
