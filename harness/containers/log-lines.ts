import type { Readable } from 'node:stream';

/** What a container prints, standard output and error together, line by line. */
export interface LogLines {
  /** Follows one more stream, as there is one a start. */
  follow(stream: Readable): void;
  /** Hears the lines that are kept, then each that comes. @returns stops it */
  onLine(listener: (line: string) => void): () => void;
  /** The lines printed last. @param count at most so many */
  last(count: number): readonly string[];
  close(): void;
}

const MAX_LINES = 1_000;
const MAX_LINE_LENGTH = 4_000;

export const createLogLines = (): LogLines => {
  let kept: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const streams = new Set<Readable>();
  const take = (text: string) => {
    const line = text.slice(0, MAX_LINE_LENGTH).trimEnd();
    kept.push(line);
    if (kept.length > 2 * MAX_LINES) kept = kept.slice(-MAX_LINES);
    for (const listener of listeners) listener(line);
  };

  return {
    follow(stream) {
      streams.add(stream);
      let unfinished = '';
      stream.on('data', (chunk: string | Buffer) => {
        const lines = `${unfinished}${chunk}`.split('\n');
        unfinished = lines.pop()!;
        // A line without an end is told in pieces.
        if (unfinished.length > MAX_LINE_LENGTH) {
          lines.push(unfinished);
          unfinished = '';
        }
        lines.forEach(take);
      });
      stream.on('error', () => undefined);
      stream.once('close', () => {
        if (unfinished !== '') take(unfinished);
        unfinished = '';
        streams.delete(stream);
      });
    },
    onLine(listener) {
      kept.slice(-MAX_LINES).forEach(listener);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    last: (count) => (count > 0 ? kept.slice(-count) : []),
    close() {
      for (const stream of streams) stream.destroy();
      listeners.clear();
    },
  };
};
