import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Alarms } from '../../tcp/alarms.ts';
import { cutSocket } from '../connection.ts';
import type { CutBy } from '../faults/fault.ts';
import { createTap, type PauseReason, type Tap } from '../tap.ts';

export interface UpstreamEndOptions {
  readonly dial: () => Socket;
  readonly alarms: Alarms;
  onData(bytes: Buffer): void;
  /** It takes bytes again. */
  onDrain(): void;
  /** It has said all that it will. */
  onEnd(): void;
  /** A connection that stood is gone. */
  onReset(): void;
  onUnreachable(error: Error): void;
}

/** The connection that a caller's requests go on by: made for the first of them, and kept. */
export interface UpstreamEnd {
  /** There is a connection, or one is being made. */
  readonly isOpen: boolean;
  readonly hasEnded: boolean;
  /** Connects where there is no connection. */
  open(): void;
  /** @returns false when it takes no more for now */
  write(bytes: Buffer): boolean;
  /** Says that no more is written. */
  end(): void;
  /** Whether it is read from; nothing where there is no connection. */
  pause(reason: PauseReason, isOn: boolean): void;
  cut(by: CutBy): void;
  /** Closes it at once; the next `open` makes another. */
  forget(): void;
}

export const createUpstreamEnd = (options: UpstreamEndOptions): UpstreamEnd => {
  let socket: Socket | undefined;
  let tap: Tap | undefined;
  let hasEnded = false;

  const connect = (): Socket => {
    const next = options.dial();
    let isConnected = false;
    next.once(next instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      isConnected = true;
    });
    next.on('drain', options.onDrain);
    next.on('data', options.onData);
    next.on('end', () => {
      hasEnded = true;
      options.onEnd();
    });
    next.on('error', (error) => {
      if (isConnected) options.onReset();
      else options.onUnreachable(error);
    });
    tap = createTap(next);
    return next;
  };

  return {
    get isOpen() {
      return socket !== undefined;
    },
    get hasEnded() {
      return hasEnded;
    },
    open() {
      socket ??= connect();
    },
    write: (bytes) => !socket?.writable || socket.write(bytes),
    end: () => void socket?.end(),
    pause: (reason, isOn) => tap?.set(reason, isOn),
    cut(by) {
      if (socket) cutSocket(socket, by, options.alarms);
    },
    forget() {
      socket?.destroy();
      socket = undefined;
      tap = undefined;
      hasEnded = false;
    },
  };
};
