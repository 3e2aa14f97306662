import { formatTime, formatValue } from '../harness/verdict/format.ts';
import { plain } from './layout.ts';
import type { Progress, ReporterOutput } from './reporter.ts';
import { progressBar } from './timeline.ts';

const BAR_CELLS = 30;
/** With fewer columns the bar would push out the numbers. */
const MIN_COLUMNS_FOR_BAR = 70;
const ERASE_LINE = '\r\u001b[2K';

const lineOf = (progress: Progress, width: number): string => {
  const { elapsedMs, durationMs, faults = [], availability, p99Ms } = progress;
  const parts = [
    ...(width < MIN_COLUMNS_FOR_BAR ? [] : [progressBar(faults, durationMs, elapsedMs, BAR_CELLS)]),
    elapsedMs < 0 ? `${formatTime(-elapsedMs)} to start` : `${(elapsedMs / 1000).toFixed(1)}/${formatTime(durationMs)}`,
    `avail. ${availability === null ? '–' : formatValue('share', Math.round(availability * 1000) / 1000)}`,
    `p99 ${p99Ms === null ? '–' : formatValue('ms', p99Ms)}`,
    plain(progress.phase),
    plain(`${progress.scenario}/${progress.design}`),
  ];
  // One column is left free: a terminal may wrap when the last one is written.
  return parts.join('  ').slice(0, Math.max(0, width - 1));
};

/** A line that is written over and over, and leaves nothing behind. */
export interface ProgressLine {
  show(progress: Progress): void;
  clear(): void;
}

/** @param output of the progress; absent when nobody watches: then nothing is ever written */
export const createProgressLine = (output: ReporterOutput['progress']): ProgressLine => {
  let isShown = false;
  return {
    show(progress) {
      if (!output) return;
      output.write(`${ERASE_LINE}${lineOf(progress, output.columns)}`);
      isShown = true;
    },
    clear() {
      if (!output || !isShown) return;
      output.write(ERASE_LINE);
      isShown = false;
    },
  };
};
