import type { BodySink } from '../body-chain.ts';
import type { CutBy } from '../faults/fault.ts';
import { chunk, lastChunk } from './answer.ts';
import type { BodyReader } from './body-reader.ts';
import type { Framing } from './head.ts';

export interface Http1BodySinkOptions {
  readonly framing: Framing;
  /** Trailers are known at its end. */
  readonly reader: () => BodyReader;
  readonly write: (bytes: Buffer) => void;
  /** The body is out. */
  readonly onEnd: () => void;
  readonly cut: (by: CutBy) => void;
}

/** Gives content the framing that its head has announced. */
export const createHttp1BodySink = ({ framing, reader, write, onEnd, cut }: Http1BodySinkOptions): BodySink => ({
  write: framing.by === 'chunks' ? (bytes) => write(chunk(bytes)) : write,
  end() {
    if (framing.by === 'chunks') write(lastChunk(reader().trailers));
    onEnd();
  },
  cut,
  // gRPC has no HTTP/1.1: its faults are never selected here.
  endWith: () => cut('reset'),
});
