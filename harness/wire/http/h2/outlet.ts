import type { Http2Stream } from 'node:http2';
import type { Flow } from '../../toxics/toxic.ts';
import type { Tap } from '../tap.ts';

/** Where bytes of a stream leave, with what is still on its way out. */
export interface Outlet extends Flow {
  /** Calls when all that was written has gone out. */
  flushed(call: () => void): void;
}

/** @param tap stops who sends, while this stream takes no more */
export const createOutlet = (stream: Http2Stream, tap: Tap): Outlet => {
  let pending = 0;
  let waiting: (() => void) | undefined;
  const written = () => {
    pending -= 1;
    if (pending === 0) waiting?.();
  };
  stream.on('drain', () => tap.set('reader is full', false));
  return {
    write(bytes) {
      if (stream.destroyed || stream.writableEnded) return;
      pending += 1;
      if (!stream.write(bytes, written)) tap.set('reader is full', true);
    },
    end() {
      if (!stream.destroyed && !stream.writableEnded) stream.end();
    },
    flushed(call) {
      // A head that was given to the session goes out with the end of this turn of the event loop.
      if (pending === 0) setImmediate(call);
      else waiting = () => setImmediate(call);
    },
  };
};
