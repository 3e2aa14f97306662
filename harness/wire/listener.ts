import { createServer, type Server, type Socket } from 'node:net';
import { explainPort, isTaken, noFreePort } from './port-problem.ts';
import { portCandidates, readEphemeralStart, wirePortRange } from './ports.ts';

/** A loopback port that can stop listening and start again, apart from what is done with its connections. */
export interface Listener {
  readonly port: number;
  /** New connections are refused from now on; open ones are left alone. */
  pause(): void;
  /** Listens again on the same port. Rejects with the system's error when another process has taken it meanwhile. */
  resume(): Promise<void>;
}

export interface ListenerOptions {
  /** Left out, a free one of the wire's range. */
  readonly port?: number;
  readonly maxConnections: number;
  readonly onSocket: (socket: Socket) => void;
  /** A connection over the limit was dropped. */
  readonly onDrop: () => void;
  /** The system failed to accept a connection. */
  readonly onError: (error: Error) => void;
}

const HOST = '127.0.0.1';

const listen = (port: number, options: ListenerOptions): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, options.onSocket);
    server.maxConnections = options.maxConnections;
    server.on('drop', options.onDrop);
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      server.on('error', options.onError);
      resolve(server);
    });
  });

const listenOn = async (port: number, options: ListenerOptions): Promise<{ readonly first: Server; readonly port: number }> => {
  try {
    return { first: await listen(port, options), port };
  } catch (error) {
    throw explainPort(error, port);
  }
};

const listenOnFirstFree = async (options: ListenerOptions): Promise<{ readonly first: Server; readonly port: number }> => {
  const range = wirePortRange(readEphemeralStart());
  for (const port of portCandidates(range)) {
    try {
      return { first: await listen(port, options), port };
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw noFreePort(range);
};

/**
 * Listens on the port asked for, or on a free one of the wire's range.
 * @throws {SquallError} `PORT_IN_USE` when there is none
 */
export const createListener = async (options: ListenerOptions): Promise<Listener> => {
  const { first, port } = await (options.port === undefined ? listenOnFirstFree(options) : listenOn(options.port, options));
  let server: Server | undefined = first;
  let isWanted = true;
  let turn: Promise<void> = Promise.resolve();

  const listenAgain = async () => {
    if (!isWanted || server) return;
    const again = await listen(port, options);
    if (isWanted) server = again;
    else again.close();
  };

  return {
    port,
    pause() {
      isWanted = false;
      // The listening socket is closed at once; the callback that close() takes would wait for open connections.
      server?.close();
      server = undefined;
    },
    resume() {
      isWanted = true;
      // One after the other, so that two of them don't ask for the port at the same time.
      turn = turn.catch(() => undefined).then(listenAgain);
      return turn;
    },
  };
};
