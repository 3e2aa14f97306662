import type { Socket } from 'node:net';
import type { Stream } from '../toxics/toxic.ts';

/** Bytes by direction, those of open connections included at any moment. */
export interface Traffic {
  readonly received: Record<Stream, number>;
  readonly sent: Record<Stream, number>;
  /** Counts a socket: what is read from it travels in that direction, and what is written to it in the other. */
  track(socket: Socket, readStream: Stream): void;
}

const OTHER: Readonly<Record<Stream, Stream>> = { upstream: 'downstream', downstream: 'upstream' };

type Count = 'bytesRead' | 'bytesWritten';

export const createTraffic = (): Traffic => {
  const closed = { bytesRead: { upstream: 0, downstream: 0 }, bytesWritten: { upstream: 0, downstream: 0 } };
  const open: Readonly<Record<Stream, Set<Socket>>> = { upstream: new Set(), downstream: new Set() };

  const sum = (count: Count, readStream: Stream): number => {
    let bytes = closed[count][readStream];
    for (const socket of open[readStream]) bytes += socket[count];
    return bytes;
  };
  const byStream = (of: (stream: Stream) => number): Record<Stream, number> => ({
    get upstream() {
      return of('upstream');
    },
    get downstream() {
      return of('downstream');
    },
  });
  return {
    received: byStream((stream) => sum('bytesRead', stream)),
    sent: byStream((stream) => sum('bytesWritten', OTHER[stream])),
    track(socket, readStream) {
      open[readStream].add(socket);
      socket.once('close', () => {
        open[readStream].delete(socket);
        closed.bytesRead[readStream] += socket.bytesRead;
        closed.bytesWritten[readStream] += socket.bytesWritten;
      });
    },
  };
};
