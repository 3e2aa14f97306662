import { type Framing, NotHttp } from './head.ts';

/** Finds the end of a body in the bytes of a connection, and what of them is content. */
export interface BodyReader {
  /** Takes what is the body's of these bytes; gives how many that is. */
  read(bytes: Buffer, at: number): number;
  /** All has come. Never, where the connection's end is the body's. */
  readonly isOver: boolean;
  /** Trailers as they came, with the empty line; empty when there are none. */
  readonly trailers: Buffer;
}

const EMPTY = Buffer.alloc(0);

const withoutChunks = (framing: Framing, onContent: ((bytes: Buffer) => void) | undefined): BodyReader => {
  let left = framing.by === 'length' ? framing.bytes : framing.by === 'close' ? Number.POSITIVE_INFINITY : 0;
  return {
    read(bytes, at) {
      const taken = Math.min(left, bytes.length - at);
      left -= taken;
      if (taken > 0) onContent?.(bytes.subarray(at, at + taken));
      return taken;
    },
    get isOver() {
      return left === 0;
    },
    trailers: EMPTY,
  };
};

const LF = 0x0a;
/** A chunk's size with its extensions, or a trailer line. */
const MAX_LINE_BYTES = 16 * 1024;
/** All trailers. */
const MAX_TRAILER_BYTES = 64 * 1024;
const CRLF_BYTES = 2;

/** Chunks (RFC 9112, section 7.1). */
const withChunks = (onContent: ((bytes: Buffer) => void) | undefined): BodyReader => {
  let state: 'size' | 'data' | 'data-end' | 'trailers' | 'over' = 'size';
  let left = 0;
  let line = '';
  const trailers: string[] = [];
  let trailerBytes = 0;

  /** The line that ends in these bytes; undefined when its end has not come. */
  const readLine = (bytes: Buffer, at: number): { readonly text: string; readonly taken: number } | undefined => {
    const end = bytes.indexOf(LF, at);
    const until = end < 0 ? bytes.length : end + 1;
    line += bytes.toString('latin1', at, until);
    if (line.length > MAX_LINE_BYTES) throw new NotHttp(`a line in a chunked body is longer than ${MAX_LINE_BYTES} bytes`);
    if (end < 0) return undefined;
    const text = line;
    line = '';
    return { text, taken: until - at };
  };
  const takeSize = (text: string) => {
    const size = /^\s*([\da-f]{1,12})\s*(?:;.*)?\r?\n$/i.exec(text)?.[1];
    if (size === undefined) throw new NotHttp(`expected the size of a chunk, got ${JSON.stringify(text.slice(0, 80))}`);
    left = Number.parseInt(size, 16);
    state = left === 0 ? 'trailers' : 'data';
  };
  const takeTrailer = (text: string) => {
    trailerBytes += text.length;
    if (trailerBytes > MAX_TRAILER_BYTES) throw new NotHttp(`the trailers are longer than ${MAX_TRAILER_BYTES} bytes`);
    trailers.push(text);
    if (text === '\r\n' || text === '\n') state = 'over';
  };

  return {
    read(bytes, start) {
      let at = start;
      while (at < bytes.length && state !== 'over') {
        if (state === 'data') {
          const taken = Math.min(left, bytes.length - at);
          onContent?.(bytes.subarray(at, at + taken));
          left -= taken;
          at += taken;
          if (left > 0) continue;
          state = 'data-end';
          left = CRLF_BYTES;
        } else if (state === 'data-end') {
          const taken = Math.min(left, bytes.length - at);
          left -= taken;
          at += taken;
          if (left === 0) state = 'size';
        } else {
          const found = readLine(bytes, at);
          if (!found) return bytes.length - start;
          at += found.taken;
          if (state === 'size') takeSize(found.text);
          else takeTrailer(found.text);
        }
      }
      return at - start;
    },
    get isOver() {
      return state === 'over';
    },
    get trailers() {
      return trailers.length > 1 ? Buffer.from(trailers.join(''), 'latin1') : EMPTY;
    },
  };
};

/** @param onContent gets the content without framing; left out, it is only counted */
export const createBodyReader = (framing: Framing, onContent?: (bytes: Buffer) => void): BodyReader =>
  framing.by === 'chunks' ? withChunks(onContent) : withoutChunks(framing, onContent);
