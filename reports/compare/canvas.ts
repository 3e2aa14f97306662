/** A rectangle of characters to draw a plot on; row 0 is the top one. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** What is outside is left out. */
  put(column: number, row: number, text: string): void;
  /** Whether these cells are on the canvas, and nothing was written there; lines count as nothing. */
  isFree(column: number, row: number, length: number): boolean;
  lines(): readonly string[];
}

const LINES = ' ─│╭╮╰╯·';

export const createCanvas = (width: number, height: number): Canvas => {
  const cells = Array.from({ length: height }, () => Array.from({ length: width }, () => ' '));
  return {
    width,
    height,
    put(column, row, text) {
      [...text].forEach((character, offset) => {
        if (cells[row]?.[column + offset] !== undefined) cells[row][column + offset] = character;
      });
    },
    isFree(column, row, length) {
      if (row < 0 || row >= height || column < 0 || column + length > width) return false;
      return cells[row]!.slice(column, column + length).every((cell) => LINES.includes(cell));
    },
    lines: () => cells.map((row) => row.join('').trimEnd()),
  };
};

/** Where on an axis of `cells` cells a value of the range stands; in the middle where the range is a point. */
export const cellOf = (value: number, { min, max }: { readonly min: number; readonly max: number }, cells: number): number =>
  min === max ? Math.floor((cells - 1) / 2) : Math.round(((value - min) / (max - min)) * (cells - 1));

/** Smallest and largest of the values, which must be one at least. */
export const rangeOf = (values: readonly number[]) => ({ min: Math.min(...values), max: Math.max(...values) });
