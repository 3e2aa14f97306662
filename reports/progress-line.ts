import { formatTime, formatValue } from '../harness/verdict/format.ts';
import { plain } from './layout.ts';
import type { Progress, ReporterOutput } from './reporter.ts';
import { progressBar } from './timeline.ts';

const MAX_BAR_CELLS = 30;
/** A shorter bar shows nothing. */
const MIN_BAR_CELLS = 10;
const GAP = '  ';
const ERASE_LINE = '\r\u001b[2K';

const numbersOf = ({ elapsedMs, durationMs, availability, p99Ms, phase }: Progress): string =>
  [
    elapsedMs < 0 ? `${formatTime(-elapsedMs)} to start` : `${(elapsedMs / 1000).toFixed(1)}/${formatTime(durationMs)}`,
    `avail. ${availability === null ? '–' : formatValue('share', Math.round(availability * 1000) / 1000)}`,
    `p99 ${p99Ms === null ? '–' : formatValue('ms', p99Ms)}`,
    plain(phase),
  ].join(GAP);

/** The numbers first; the bar takes what room they leave, and the run's name is added where it fits. */
const lineOf = (progress: Progress, width: number): string => {
  // One column is left free: a terminal may wrap when the last one is written.
  const room = Math.max(0, width - 1);
  const numbers = numbersOf(progress);
  const cells = Math.min(MAX_BAR_CELLS, room - numbers.length - GAP.length);
  const bar =
    cells < MIN_BAR_CELLS ? '' : progressBar(progress.faults ?? [], progress.durationMs, progress.elapsedMs, cells) + GAP;
  const name = `${GAP}${plain(`${progress.scenario}/${progress.design}`)}`;
  const line = bar + numbers;
  return (line.length + name.length <= room ? line + name : line).slice(0, room);
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
