import { cutLine } from './cut-line.ts';

/** Longest line of a program's output that is kept. */
export const MAX_OUTPUT_LINE_LENGTH = 10_000;

/** Makes lines of chunks. */
export interface LineSplitter {
  add(chunk: string): void;
  /** What has come of the line that has no end yet; empty for none. */
  rest(): string;
}

/** @param maxLength characters; a longer line is cut: a program that prints no line break must not fill the memory */
export const createLineSplitter = (maxLength: number, onLine: (text: string) => void): LineSplitter => {
  let unfinished = '';
  return {
    add(chunk) {
      const parts = `${unfinished}${chunk}`.split(/\r?\n/);
      // One more than is told: the line is cut then, and at a word.
      unfinished = parts.pop()!.slice(0, maxLength + 1);
      for (const text of parts) onLine(cutLine(text, maxLength));
    },
    rest: () => cutLine(unfinished, maxLength),
  };
};
