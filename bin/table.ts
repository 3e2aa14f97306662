import Table from 'cli-table3';

const NO_BORDERS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((edge) => [edge, '']),
);
/** Columns of a terminal that all tables keep to. */
const WIDTH = 80;
const GAP = 2;

/** Prints rows in columns without lines; the last column is wrapped so that the whole fits 80 columns. */
export const writeTable = (rows: readonly (readonly string[])[]): void => {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from(
    { length: columns - 1 },
    (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)) + GAP,
  );
  const last = WIDTH - widths.reduce((sum, width) => sum + width, 0);
  const table = new Table({
    chars: { ...NO_BORDERS, middle: '' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: [...widths, Math.max(last, 20)],
    wordWrap: true,
  });
  table.push(...rows.map((row) => [...row]));
  process.stdout.write(`${table.toString().replace(/[ ]+$/gm, '')}\n`);
};

/**
 * Prints rows of cells that are several lines each, with a line between rows.
 * @param widths of the columns; they and a space between each two are at most 80 together
 */
export const writeRecords = (head: readonly string[], rows: readonly (readonly string[])[], widths: readonly number[]): void => {
  const table = new Table({
    chars: { ...NO_BORDERS, mid: '─', 'mid-mid': '─', middle: ' ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: [...widths],
    wordWrap: true,
  });
  table.push(...[head, ...rows].map((row) => [...row]));
  process.stdout.write(`${table.toString().replace(/[ ]+$/gm, '')}\n`);
};
