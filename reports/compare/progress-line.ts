import type { ComparisonProgress } from '../../harness/compare/run-comparison.ts';
import { formatTime } from '../../harness/verdict/format.ts';
import { plain } from '../layout.ts';
import type { ReporterOutput } from '../reporter.ts';

const ERASE_LINE = '\r\u001b[2K';

const lineOf = ({ done, of, variant, seed, elapsedMs }: ComparisonProgress): string => {
  const at = elapsedMs === undefined ? '' : `, at ${formatTime(Math.max(0, elapsedMs))}`;
  return `compare: ${done} of ${of} runs done; ${plain(variant)}, seed ${seed}${at}`;
};

/** A line that is written over and over, and leaves nothing behind. */
export const createProgressLine = (output: ReporterOutput['progress']) => {
  let isShown = false;
  return {
    show(progress: ComparisonProgress) {
      if (!output) return;
      // One column is left free: a terminal may wrap when the last one is written.
      output.write(`${ERASE_LINE}${lineOf(progress).slice(0, Math.max(0, output.columns - 1))}`);
      isShown = true;
    },
    clear() {
      if (!output || !isShown) return;
      output.write(ERASE_LINE);
      isShown = false;
    },
  };
};
