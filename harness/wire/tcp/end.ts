import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastReads } from './fast-reads.ts';

/** One end of a connection: a socket, or a stream that stands for one. */
export type End = Duplex & Partial<Pick<Socket, 'resetAndDestroy' | 'connecting'>> & Partial<FastReads>;

const NOTHING = Buffer.alloc(0);

/**
 * Ends it (FIN) after what has been written. Only once that is with the kernel: a socket that has been told to end while it still has
 * something to write can't be reset, and Node would lose its handle.
 */
export const endAfterWrites = (end: End): void => {
  if (end.writableEnded) return;
  if (end.writableLength === 0) end.end();
  else end.write(NOTHING, () => end.end());
};

/** Cuts it with a reset (RST); one that is not connected yet is given up. */
export const resetEnd = (end: End): void => {
  if (end.destroyed) return;
  if (!end.resetAndDestroy || end.connecting) end.destroy();
  else if (end.writableEnded && !end.writableFinished) end.once('finish', () => resetEnd(end));
  else end.resetAndDestroy();
};

/** A peer that has been told the end has so long to say its own before the socket goes, milliseconds. */
const LINGER_MS = 1000;

/**
 * Ends it in good order, what is written goes first. What the peer still says goes nowhere, but is read for a while: a socket that is
 * closed over unread bytes sends a reset.
 */
export const closeEnd = (end: End): void => {
  if (end.destroyed) return;
  if (end.connecting && end.writableLength === 0) {
    end.destroy();
    return;
  }
  const destroy = () => void end.destroy();
  const onFinish = () => {
    if (end.readableEnded) destroy();
    else {
      const timer = setTimeout(destroy, LINGER_MS).unref();
      end.once('close', () => clearTimeout(timer));
    }
  };
  endAfterWrites(end);
  end.resume();
  if (end.writableFinished) onFinish();
  else end.once('finish', onFinish);
};
