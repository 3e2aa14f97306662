import { z } from 'zod';
import { scheduleAttributes } from './schedule.ts';
import type { ToxicKind } from './toxic.ts';

const HEAD = ['toxic', 'attribute', 'default', 'what it does'];

type Row = readonly string[];

const attributeRows = (attributes: z.ZodObject): readonly Row[] => {
  const { properties = {} } = z.toJSONSchema(attributes, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, schema]) => {
    if (typeof schema === 'boolean') return ['', `\`${name}\``, '', ''];
    const choices = schema.enum ? ` One of ${schema.enum.map((choice) => `\`${choice}\``).join(', ')}.` : '';
    const fallback = schema.default === undefined ? '' : String(schema.default);
    return ['', `\`${name}\``, fallback, `${schema.description ?? ''}${choices}`];
  });
};

const isOwn = (name: string) => !(name in scheduleAttributes);

const rowsOf = ({ type, summary, attributes }: ToxicKind): readonly Row[] => [
  [`\`${type}\``, '', '', summary],
  ...attributeRows(attributes).filter(([, name = '']) => isOwn(name.replaceAll('`', ''))),
];

/** Kinds of toxics with their attributes as a table of Markdown, from their schemas; attributes that each kind has come last, once. */
export const toxicsTable = (kinds: Iterable<ToxicKind>): string => {
  const rows: readonly Row[] = [
    HEAD,
    ...[...kinds].flatMap(rowsOf),
    ['every toxic', '', '', 'has these attributes, too'],
    ...attributeRows(z.object(scheduleAttributes)),
  ].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: Row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |\n`;
  const [head = HEAD, ...body] = rows;
  return `${line(head)}${line(widths.map((width) => '-'.repeat(width)))}${body.map(line).join('')}`;
};
