import { cutLine } from '../cut-line.ts';
import type { OutputLine } from './sut.ts';

/** A longer line is cut: a program that prints no line break must not fill the memory. */
const MAX_LINE_LENGTH = 10_000;

/** Makes lines of chunks. */
export const createLineSplitter = (
  stream: OutputLine['stream'],
  onLine: (line: OutputLine) => void,
): { add(chunk: string): void } => {
  let unfinished = '';
  return {
    add(chunk) {
      const parts = `${unfinished}${chunk}`.split(/\r?\n/);
      // One more than is told: the line is cut then, and at a word.
      unfinished = parts.pop()!.slice(0, MAX_LINE_LENGTH + 1);
      for (const text of parts) onLine({ stream, text: cutLine(text, MAX_LINE_LENGTH) });
    },
  };
};
