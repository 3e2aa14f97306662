import { type FileHandle, open } from 'node:fs/promises';
import type { Journal } from '../../../serving/audit/journal.ts';

/** Bytes before the end of the last whole line. */
const wholeLength = (bytes: Buffer): number => bytes.lastIndexOf(0x0a) + 1;

interface Waiting {
  readonly text: string;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Lines in a file, each on the disk before `append` resolves: those that come while others are written are written and synced together. What a
 * process that was killed had written half of a line is cut off: nobody was promised it.
 */
export const openFileJournal = (path: string): Journal => {
  let opening: Promise<FileHandle> | undefined;
  let waiting: Waiting[] = [];
  let isWriting = false;

  const openWhole = async (): Promise<FileHandle> => {
    const file = await open(path, 'a+', 0o600);
    const bytes = await file.readFile();
    if (wholeLength(bytes) < bytes.length) await file.truncate(wholeLength(bytes));
    return file;
  };
  const file = (): Promise<FileHandle> => {
    opening ??= openWhole();
    return opening;
  };

  const drain = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const handle = await file();
        await handle.appendFile(batch.map(({ text }) => text).join(''));
        await handle.datasync();
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
      await file();
      const reader = await open(path, 'r');
      try {
        const bytes = await reader.readFile();
        const text = bytes.subarray(0, wholeLength(bytes)).toString('utf8');
        return text === '' ? [] : text.slice(0, -1).split('\n');
      } finally {
        await reader.close();
      }
    },
  };
};
