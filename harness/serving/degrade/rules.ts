import type { Prediction } from '../../../mocks/models/runtime.ts';
import { findHoles, SIZE } from './holes.ts';
import type { Rung } from './rung.ts';

/** Intensity, 0..16, from which a pixel is ink. */
const INK_FROM = 7;

/** What the rules look at. Columns and rows count from 0 at the left and the top. */
interface Shape {
  readonly holes: ReturnType<typeof findHoles>;
  /** Mean column of the ink in a span of rows (first to last); the image's middle where there is none. */
  centre(firstRow: number, lastRow: number): number;
  /** Inked pixels in a rectangle: rows first to last, columns first to last. */
  ink(firstRow: number, lastRow: number, firstColumn: number, lastColumn: number): number;
}

const describe = (row: readonly number[]): Shape => {
  const inked = row.map((intensity) => intensity >= INK_FROM);
  const ink = (firstRow: number, lastRow: number, firstColumn: number, lastColumn: number) =>
    inked.filter((isInk, at) => {
      const y = Math.floor(at / SIZE);
      const x = at % SIZE;
      return isInk && y >= firstRow && y <= lastRow && x >= firstColumn && x <= lastColumn;
    }).length;
  return {
    holes: findHoles(inked),
    ink,
    centre(firstRow, lastRow) {
      let weight = 0;
      let moment = 0;
      for (let at = firstRow * SIZE; at < (lastRow + 1) * SIZE; at += 1) {
        weight += row[at] ?? 0;
        moment += (row[at] ?? 0) * (at % SIZE);
      }
      return weight > 0 ? moment / weight : (SIZE - 1) / 2;
    },
  };
};

/** A digit, and what it looks like. */
interface Rule {
  readonly label: number;
  readonly looksSo: (shape: Shape) => boolean;
}

/** The loop of a digit that has just one. */
const loopOf = ({ holes }: Shape) => (holes.length === 1 ? holes[0] : undefined);

/** In order: the first that holds decides. Bounds were set by looking at the training images, not at the held-out ones. */
const RULES: readonly Rule[] = [
  // Two loops.
  { label: 8, looksSo: ({ holes }) => holes.length >= 2 },
  // One large loop.
  { label: 0, looksSo: (shape) => (loopOf(shape)?.area ?? 0) >= 5 },
  // A loop at the bottom: an 8 whose upper loop is too small to see has ink at the upper right, a 6 has not.
  { label: 8, looksSo: (shape) => (loopOf(shape)?.middleRow ?? 0) > 4.3 && shape.ink(1, 2, 5, 7) > 0 },
  { label: 6, looksSo: (shape) => (loopOf(shape)?.middleRow ?? 0) > 4.3 },
  // A loop at the top: an 8 whose lower loop is too small to see has ink at the lower left, a 9 has not.
  { label: 8, looksSo: (shape) => (loopOf(shape)?.middleRow ?? SIZE) < 2.6 && shape.ink(5, 5, 0, 2) > 0 },
  { label: 9, looksSo: (shape) => (loopOf(shape)?.middleRow ?? SIZE) < 2.6 },
  // A small loop in the middle.
  { label: 4, looksSo: (shape) => loopOf(shape) !== undefined },
  // No loop from here on. Upper half at the left: with a foot to the right it is an open 6, else a 5.
  { label: 6, looksSo: (shape) => shape.centre(2, 3) < 3 && shape.ink(6, 7, 5, 7) >= 2 && shape.ink(4, 5, 0, 2) > 1 },
  { label: 5, looksSo: (shape) => shape.centre(2, 3) < 3 && shape.ink(0, 1, 4, 7) >= 2 },
  // A stroke that falls from the right to the left, and ends there.
  { label: 7, looksSo: (shape) => shape.centre(2, 3) - shape.centre(6, 7) > 0.7 && shape.ink(6, 7, 5, 7) === 0 },
  // Ink at the right of the lower half and none at its left: a 3, or with ink at the upper left an open 9.
  { label: 9, looksSo: (shape) => shape.centre(4, 5) > 4.2 && shape.ink(4, 5, 0, 2) === 0 && shape.ink(2, 3, 0, 2) > 0 },
  { label: 3, looksSo: (shape) => shape.centre(4, 5) > 4 && shape.ink(4, 5, 0, 2) === 0 },
  // A broad foot under a narrow middle.
  { label: 2, looksSo: (shape) => shape.ink(6, 7, 0, 7) >= 7 && shape.ink(3, 4, 0, 7) <= 4 },
  // A broad middle on a narrow foot.
  { label: 4, looksSo: (shape) => shape.ink(3, 4, 0, 7) >= 6 && shape.ink(6, 7, 0, 7) <= 5 && shape.ink(3, 5, 0, 2) >= 3 },
];

/** A stroke without any of these traits. */
const OTHERWISE = 1;

/** A guess from the geometry of a digit. @param row 64 intensities, row by row from the top left */
export const classifyByRules = (row: readonly number[]): number => {
  const shape = describe(row);
  return RULES.find(({ looksSo }) => looksSo(shape))?.label ?? OTHERWISE;
};

const CLASSES = 10;
/** How often the rules are right on the held-out images, rounded down; the rest is spread over the other digits. */
const CONFIDENCE = 0.68;

/**
 * Classifies by rules on strokes and loops: no model, no state, always an answer. Right for about two images in three, where chance is
 * one in ten: test/harness/serving/rules.test.ts measures it.
 */
export const createRules = (): Rung => ({
  async answer(rows): Promise<readonly Prediction[]> {
    return rows.map((row) => {
      const label = classifyByRules(row);
      const others = (1 - CONFIDENCE) / (CLASSES - 1);
      return { label, probabilities: Array.from({ length: CLASSES }, (_, digit) => (digit === label ? CONFIDENCE : others)) };
    });
  },
});
