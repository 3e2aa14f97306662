import { fdatasync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Journal } from '../../../serving/audit/journal.ts';

/** Bytes before the end of the last whole line. */
const wholeLength = (bytes: Buffer): number => bytes.lastIndexOf(0x0a) + 1;

const sync = promisify(fdatasync);

/** A write may take less than it was given. */
const writeWhole = (file: number, bytes: Buffer): void => {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
};

interface Waiting {
  readonly text: string;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Lines in a file, each on the disk before `append` resolves: those that come while others are written are written and synced together. What a
 * process that was killed had written half of a line is cut off: nobody was promised it.
 */
export const openFileJournal = (path: string): Journal => {
  // Open as long as the process lives: the system closes it.
  let opened: number | undefined;
  let waiting: Waiting[] = [];
  let isWriting = false;

  const file = (): number => {
    if (opened !== undefined) return opened;
    opened = openSync(path, 'a+', 0o600);
    const bytes = readFileSync(path);
    if (wholeLength(bytes) < bytes.length) ftruncateSync(opened, wholeLength(bytes));
    return opened;
  };

  const drain = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        writeWhole(file(), Buffer.from(batch.map(({ text }) => text).join('')));
        await sync(file());
        for (const { done } of batch) done.resolve();
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    isWriting = false;
  };

  return {
    append(lines) {
      const done = Promise.withResolvers<void>();
      waiting.push({ text: lines.map((line) => `${line}\n`).join(''), done });
      void drain();
      return done.promise;
    },
    async read() {
      file();
      const bytes = readFileSync(path);
      const text = bytes.subarray(0, wholeLength(bytes)).toString('utf8');
      return text === '' ? [] : text.slice(0, -1).split('\n');
    },
  };
};
