import { connect, type OnReadOpts, Socket, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Takes bytes that have come. They are lent: valid during the call.
 * @returns whether they are needed longer, as a write of them is under way: nothing else is read into their memory then
 */
export type Take = (bytes: Buffer) => boolean;

/** A stream that hands over its bytes by a call, not by 'data' events. */
export interface FastReads {
  readInto(take: Take): void;
}

/**
 * What all sockets of the thread read into while they say little. Between the kernel's filling it and its being taken nothing else runs,
 * so one is enough, and an idle connection needs no memory for reading.
 */
const SHARED = Buffer.allocUnsafeSlow(64 * 1024);

/** From so many bytes in one read on, a socket gets a block of its own, which is written on without a copy. */
const BULK_FROM = 16 * 1024;

/** Of 64 KiB to 1 MiB the fastest. */
const BLOCK_BYTES = 256 * 1024;

/** Blocks of sockets that say little again. */
const SPARE_BLOCKS = 16;
const spares: Buffer[] = [];

/** For the `onread` option of a socket. */
const createReads = (): OnReadOpts & FastReads => {
  let take: Take | undefined;
  let block: Buffer | undefined;
  let isBulk = false;
  return {
    readInto(next) {
      take = next;
    },
    // Node asks when the socket is made, and after each read.
    buffer() {
      if (isBulk) {
        block ??= spares.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
        return block;
      }
      if (block && spares.length < SPARE_BLOCKS) spares.push(block);
      block = undefined;
      return SHARED;
    },
    callback(length, buffer) {
      isBulk = length >= BULK_FROM;
      const bytes = (buffer as Buffer).subarray(0, length);
      if (buffer === SHARED) take?.(Buffer.from(bytes));
      else if (take?.(bytes)) block = undefined;
      return true;
    },
  };
};

const withReads = (socket: Socket, { readInto }: FastReads): Socket & FastReads => Object.assign(socket, { readInto });

/** Connects; bytes wait until `readInto` is called in the same turn of the event loop. */
export const connectForFastReads = (options: TcpNetConnectOpts): Socket & FastReads => {
  const onread = createReads();
  return withReads(connect({ ...options, onread }), onread);
};

/**
 * Makes an accepted socket one with fast reads, which it replaces. Node offers `onread` for sockets that connect, and none for those a
 * server accepts: so the handle, a property that is private by its name and old by its use, moves to a new socket. Where there is none,
 * the socket stays as it is. It saves a fifth of the CPU time of a small request (docs/benchmarks.md).
 * @param accepted by a server with `pauseOnConnect`, so that nothing has been read
 */
export const takeOver = (accepted: Socket): Socket | (Socket & FastReads) => {
  const holder = accepted as unknown as { _handle: unknown };
  const handle = holder._handle;
  if (!handle || accepted.destroyed) return accepted;
  holder._handle = null;
  // The server counts its sockets down as they are destroyed.
  accepted.destroy();
  const onread = createReads();
  // The type of the options leaves `handle` out.
  return withReads(new Socket({ handle, allowHalfOpen: true, onread } as object), onread);
};

/**
 * Whether what a write of this stream leaves in no queue of its own is no longer needed. A socket's is with the kernel; other streams
 * may hand the same memory on.
 */
export const isWrittenAtOnce = (end: Duplex): boolean => Object.getPrototypeOf(end) === Socket.prototype;
