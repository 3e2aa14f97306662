import { createLineSplitter } from '../../line-splitter.ts';

/** What a child printed lately, bounded, and what of it tells why the child went away. */
export interface LastWords {
  add(chunk: string): void;
  /** At most three lines without stack frames, joined by ` / `; empty when there is nothing to tell. */
  text(): string;
}

const MAX_LINES = 50;
const MAX_LINE_LENGTH = 500;
const MAX_TOLD = 3;

/** Node's warnings, frames of a JavaScript or native stack, the quoted source above them, and Node's own closing line. */
const NOISE =
  /^\(node:\d+\) |^\(Use `node --trace|^\s*at |^\s*\^+\s*$|^file:\/\/|^node:internal|^\s*throw |^Node\.js v|^\s*\d+: 0x|^\s*$|^-+ /;
/** How an error's own line begins. */
const ERROR_LINE = /^(?:Uncaught )?(?:FATAL ERROR|(?:[A-Z]\w*)?(?:Error|Exception)\b)/;

export const createLastWords = (): LastWords => {
  let lines: string[] = [];
  const splitter = createLineSplitter(MAX_LINE_LENGTH, (line) => {
    lines = [...lines.slice(1 - MAX_LINES), line.trimEnd()];
  });
  return {
    add: splitter.add,
    text() {
      const all = [...lines, splitter.rest()];
      const lastError = all.findLastIndex((line) => ERROR_LINE.test(line));
      // An error's first lines say what it is, up to its stack; without one, what was printed last is the best there is.
      if (lastError === -1) return join(all.filter((line) => !NOISE.test(line)).slice(-MAX_TOLD));
      const end = all.findIndex((line, index) => index > lastError && NOISE.test(line));
      return join(all.slice(lastError, end === -1 ? undefined : end).slice(0, MAX_TOLD));
    },
  };
};

const join = (lines: readonly string[]): string => lines.join(' / ');
