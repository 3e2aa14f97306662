import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord, SutOutput } from '../world.ts';

/** Lines that are kept in memory, for the report's excerpts. */
const MAX_KEPT = 20_000;
/** A program that prints without end must not fill the disk. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const FILE_NAME = 'sut.log';

export interface PrintedLine {
  readonly epochMs: number;
  readonly stream: 'out' | 'err';
  readonly text: string;
}

/** What the system under test prints: all of it in a file of the run's folder, the newest lines in memory. */
export interface OutputLog {
  add(line: PrintedLine): void;
  /** @param toRunMs from epoch milliseconds to those of the timeline */
  record(toRunMs: (epochMs: number) => number): Pick<RunRecord, 'output'>;
  close(): void;
}

/** @param folder made when the first line comes; left out, nothing is written */
/** Keeps what was printed where nobody wrote it down at once. @returns the same, with its file */
export const keepOutput = (output: SutOutput, startedAt: string, folder: string): SutOutput => {
  const zeroMs = Date.parse(startedAt);
  const log = createOutputLog(folder);
  for (const { atMs, ...line } of output.lines) log.add({ epochMs: zeroMs + atMs, ...line });
  const { output: kept } = log.record((epochMs) => epochMs - zeroMs);
  log.close();
  return { ...output, file: kept?.file ?? null };
};

export const createOutputLog = (folder?: string, fileName: string = FILE_NAME): OutputLog => {
  let kept: PrintedLine[] = [];
  let lineCount = 0;
  let bytes = 0;
  let file: { readonly path: string; readonly descriptor: number } | undefined;

  const open = (into: string) => {
    mkdirSync(into, { recursive: true });
    const path = join(into, fileName);
    return { path, descriptor: openSync(path, 'w') };
  };

  const write = ({ epochMs, stream, text }: PrintedLine) => {
    if (folder === undefined || bytes > MAX_FILE_BYTES) return;
    file ??= open(folder);
    const line = `${new Date(epochMs).toISOString()} ${stream} ${text}\n`;
    bytes += Buffer.byteLength(line);
    writeSync(file.descriptor, bytes > MAX_FILE_BYTES ? `... cut at ${MAX_FILE_BYTES} bytes (MAX_FILE_BYTES)\n` : line);
  };

  return {
    add(line) {
      lineCount += 1;
      kept.push(line);
      // Cut now and then, not with each line.
      if (kept.length > 2 * MAX_KEPT) kept = kept.slice(-MAX_KEPT);
      write(line);
    },
    record(toRunMs) {
      if (lineCount === 0) return {};
      const output: SutOutput = {
        file: file?.path ?? null,
        lineCount,
        lines: kept.slice(-MAX_KEPT).map(({ epochMs, stream, text }) => ({ atMs: toRunMs(epochMs), stream, text })),
      };
      return { output };
    },
    close() {
      if (file) closeSync(file.descriptor);
    },
  };
};
