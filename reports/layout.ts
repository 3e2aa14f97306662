import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

/** What the terminal report keeps to where it can. */
const WIDTH = 80;

const SECTION_INDENT = '  ';
/** Columns that a line in a section has. */
export const ROOM = WIDTH - SECTION_INDENT.length;
const GAPS = ['  ', ' '];

/** Text from elsewhere (an exited process's last words) as one line that can't steer the terminal. */
export const plain = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();

/** Breaks at spaces; a word that is longer than the width has a line of its own. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
};

/** Wrapped text with `lead` before the first line, and as much room before the others; narrow enough for a section. */
export const hanging = (lead: string, text: string): readonly string[] =>
  wrap(text, ROOM - lead.length).map((line, index) => `${index === 0 ? lead : ' '.repeat(lead.length)}${line}`);

/** A headed block, with an empty line before it; none when there is nothing in it. */
export const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `${SECTION_INDENT}${line}`.trimEnd())];

/** Indented text in columns without lines between them. */
export interface Columns {
  readonly head?: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly align: readonly ('left' | 'right')[];
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'bottom', 'left', 'mid', 'right'].flatMap((edge) =>
    [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`].map((name) => [name, '']),
  ),
);

const draw = ({ head, rows, align }: Columns, gap: string): readonly string[] => {
  const table = new Table({
    ...(head ? { head: [...head] } : {}),
    chars: { ...NO_BORDERS, middle: gap },
    colAligns: [...align],
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
};

const lengthOf = (line: string): number => stripVTControlCharacters(line).length;

/** Lines of a table: two spaces between columns where that fits the width, else one. */
export const columns = (table: Columns): readonly string[] => {
  const drawings = GAPS.map((gap) => draw(table, gap));
  return drawings.find((lines) => lines.every((line) => lengthOf(line) <= ROOM)) ?? drawings.at(-1)!;
};

/** The first and the last of a long list, and between them how many were left out. */
export const bounded = <Item>(items: readonly Item[], limit: number, gap: (left: number) => Item): readonly Item[] => {
  if (items.length <= limit) return items;
  const tail = Math.floor(limit / 3);
  const head = limit - tail;
  return [...items.slice(0, head), gap(items.length - limit), ...items.slice(-tail)];
};
