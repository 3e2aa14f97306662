import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createLineSplitter, MAX_OUTPUT_LINE_LENGTH } from '../line-splitter.ts';
import type { EngineContainer } from './testcontainers.ts';

/** Where a container printed a line. */
export type LogStream = 'out' | 'err';

export type LineListener = (line: string, stream: LogStream) => void;

/** What a container prints, line by line, in the order in which it was printed. */
export interface LogLines {
  /** Follows one more answer of the engine to "logs", as there is one a start. */
  follow(frames: Readable): void;
  /** Hears the lines that are kept, then each that comes. @returns stops it */
  onLine(listener: LineListener): () => void;
  /** The lines printed last. @param count at most so many */
  last(count: number): readonly string[];
  /** Resolves when the engine has told all that there is to tell, as it has of a container that has ended. */
  told(): Promise<void>;
  close(): void;
}

const MAX_LINES = 1_000;
const HEADER_BYTES = 8;
const STDERR = 2;

/**
 * Takes the engine's frames apart: a byte that names the stream, three of 0, the length in four, and then what was printed (Docker Engine API 1.41,
 * "Attach to a container", 2026-11-27).
 */
const splitFrames = (onPart: (bytes: Buffer, stream: LogStream) => void): ((chunk: Buffer) => void) => {
  let waiting: Buffer = Buffer.alloc(0);
  return (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    while (waiting.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + waiting.readUInt32BE(4);
      if (waiting.length < end) return;
      onPart(waiting.subarray(HEADER_BYTES, end), waiting[0] === STDERR ? 'err' : 'out');
      waiting = waiting.subarray(end);
    }
  };
};

export const createLogLines = (): LogLines => {
  let kept: { readonly line: string; readonly stream: LogStream }[] = [];
  const listeners = new Set<LineListener>();
  const followed = new Set<Readable>();
  const take = (text: string, stream: LogStream) => {
    const line = text.trimEnd();
    kept.push({ line, stream });
    if (kept.length > 2 * MAX_LINES) kept = kept.slice(-MAX_LINES);
    for (const listener of listeners) listener(line, stream);
  };

  return {
    follow(frames) {
      followed.add(frames);
      const decoders = { out: new TextDecoder(), err: new TextDecoder() };
      const splitterOf = (stream: LogStream) => createLineSplitter(MAX_OUTPUT_LINE_LENGTH, (text) => take(text, stream));
      const splitters = { out: splitterOf('out'), err: splitterOf('err') };
      const split = splitFrames((bytes, stream) => splitters[stream].add(decoders[stream].decode(bytes, { stream: true })));
      frames.on('data', split);
      frames.on('error', () => undefined);
      frames.once('close', () => {
        for (const stream of ['out', 'err'] as const) {
          const rest = splitters[stream].rest();
          if (rest !== '') take(rest, stream);
        }
        followed.delete(frames);
      });
    },
    onLine(listener) {
      for (const { line, stream } of kept.slice(-MAX_LINES)) listener(line, stream);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    last: (count) => (count > 0 ? kept.slice(-count).map(({ line }) => line) : []),
    async told() {
      await Promise.all([...followed].map((frames) => new Promise((resolve) => frames.once('close', resolve))));
    },
    close() {
      for (const frames of followed) frames.destroy();
      listeners.clear();
    },
  };
};

/** Follows what a container prints from a time on; without one, all of it. */
export const followContainer = async (log: LogLines, container: EngineContainer, from?: Date): Promise<void> => {
  const since = (from?.getTime() ?? 0) / 1000;
  const frames = (await container.logs({ follow: true, stdout: true, stderr: true, since })) as IncomingMessage;
  // What is only listened to keeps no process from ending.
  frames.socket.unref();
  log.follow(frames);
};
