import type { Socket } from 'node:net';
import type { Alarms } from '../tcp/alarms.ts';
import { carrierOf } from '../tls.ts';
import type { Tally } from './exchange.ts';
import type { CutBy } from './faults/fault.ts';
import type { RuleBook } from './rules/rule-book.ts';

/** A caller's connection, of whichever protocol. */
export interface HttpConnection {
  /** Closes both sides at once. */
  destroy(): void;
}

export interface HttpConnectionOptions {
  readonly caller: Socket;
  /** Connects to the upstream, for the same protocol. */
  readonly dial: () => Socket;
  readonly book: RuleBook;
  readonly alarms: Alarms;
  readonly tally: Tally;
  /** A request has come. */
  readonly onRequest: () => void;
  /** The upstream can't be reached. */
  readonly onUnreachable: () => void;
}

/** Time for a caller to see the end and close its own side, before it is closed for it. */
const LINGER_MS = 1000;

/** Cuts with an RST that overtakes what is on its way. */
export const resetSocket = (socket: Socket): void => void carrierOf(socket).resetAndDestroy();

/** Cuts a connection: in good order after what has been written, or with an RST that overtakes it. */
export const cutSocket = (socket: Socket, by: CutBy, alarms: Alarms): void => {
  if (by === 'reset') {
    resetSocket(socket);
    return;
  }
  if (socket.destroyed) return;
  socket.end();
  // What the caller still says goes nowhere, and is read: else the kernel would answer it with an RST.
  socket.resume();
  const destroy = () => socket.destroy();
  socket.once('end', destroy);
  const alarm = alarms.after(LINGER_MS, destroy);
  socket.once('close', alarm.cancel);
};
