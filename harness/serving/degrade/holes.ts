/** Side of the image. */
export const SIZE = 8;

/** A patch of background that ink closes in. */
export interface Hole {
  /** Cells that it covers. */
  readonly area: number;
  /** Middle of its cells' rows, 0 at the top. */
  readonly middleRow: number;
}

/** The image with a margin of background around it, so that all background outside of the ink hangs together. */
const PADDED = SIZE + 2;
const NEIGHBOURS = [-PADDED, PADDED, -1, 1];

/**
 * Finds holes: connected background (up, down, left, right) that does not reach the edge of the image.
 * @param ink one flag a pixel, row by row
 */
export const findHoles = (ink: readonly boolean[]): readonly Hole[] => {
  const isOpen = Array.from({ length: PADDED * PADDED }, (_, at) => {
    const row = Math.floor(at / PADDED) - 1;
    const column = (at % PADDED) - 1;
    const isMargin = row < 0 || row >= SIZE || column < 0 || column >= SIZE;
    return isMargin || !ink[row * SIZE + column];
  });

  /** Takes all cells that hang together with the first; they are no longer open. */
  const flood = (first: number): readonly number[] => {
    const cells = [first];
    isOpen[first] = false;
    // The list grows while it is walked.
    for (const cell of cells) {
      for (const step of NEIGHBOURS) {
        // Stepping off the side of a row lands in the margin of the next: both are outside.
        if (!isOpen[cell + step]) continue;
        isOpen[cell + step] = false;
        cells.push(cell + step);
      }
    }
    return cells;
  };

  flood(0);
  const holes: Hole[] = [];
  for (let at = 0; at < isOpen.length; at += 1) {
    if (!isOpen[at]) continue;
    const cells = flood(at);
    const rowSum = cells.reduce((sum, cell) => sum + Math.floor(cell / PADDED) - 1, 0);
    holes.push({ area: cells.length, middleRow: rowSum / cells.length });
  }
  return holes;
};
