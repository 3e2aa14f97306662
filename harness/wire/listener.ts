import { createServer, type Server, type Socket } from 'node:net';

/** Where something listens. */
export interface Address {
  /** E.g. `127.0.0.1`. */
  readonly host: string;
  readonly port: number;
}

/** A port that can stop listening and start again, apart from what is done with its connections. */
export interface Listener {
  /** The port that it got, where 0 was asked for; it keeps that one. */
  readonly address: Address;
  readonly isListening: boolean;
  /** New connections are refused from now on; open ones are left alone. Resolves when none is left. */
  pause(): Promise<void>;
  /** Listens again. Rejects with the system's error when another process has taken the port meanwhile. */
  resume(): Promise<void>;
  /** As `pause`, for good. */
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly listen: Address;
  /** Further addresses of this machine, at the same port. */
  readonly alsoAt?: readonly string[];
  /** Gets connections that may be half open, without Nagle's delay. */
  readonly onSocket: (socket: Socket) => void;
  /** The system failed to accept a connection. */
  readonly onError: (error: Error) => void;
  /** Nothing is read of a connection before it is asked for. */
  readonly pauseOnConnect?: boolean;
  /** Open connections at most, one more is dropped; no limit when left out. */
  readonly maxConnections?: number;
  readonly onDrop?: () => void;
}

/** Connections that the kernel keeps for the program to accept. */
const BACKLOG = 4096;

const listenAt = ({ host, port }: Address, options: ListenerOptions): Promise<Server> =>
  new Promise((resolve, reject) => {
    const { pauseOnConnect = false, maxConnections, onDrop } = options;
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect }, options.onSocket);
    if (maxConnections !== undefined) server.maxConnections = maxConnections;
    if (onDrop) server.on('drop', onDrop);
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      server.on('error', options.onError);
      resolve(server);
    });
  });

/** At every address, or at none. */
const listenAtAll = async (address: Address, options: ListenerOptions): Promise<readonly Server[]> => {
  const servers: Server[] = [];
  try {
    servers.push(await listenAt(address, options));
    const { port } = servers[0]!.address() as { port: number };
    for (const host of options.alsoAt ?? []) servers.push(await listenAt({ host, port }, options));
    return servers;
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
};

/** Listens. Rejects with the system's error, e.g. `EADDRINUSE`. */
export const createListener = async (options: ListenerOptions): Promise<Listener> => {
  let servers = await listenAtAll(options.listen, options);
  const address: Address = { host: options.listen.host, port: (servers[0]!.address() as { port: number }).port };
  let isWanted = true;
  let isClosed = false;
  let turn: Promise<void> = Promise.resolve();

  const listenAgain = async () => {
    if (!isWanted || servers.length > 0) return;
    const again = await listenAtAll(address, options);
    if (isWanted) servers = again;
    else for (const server of again) server.close();
  };
  const pause = async () => {
    isWanted = false;
    const closing = servers;
    servers = [];
    // The listening socket is closed at once; the callback waits for open connections.
    await Promise.all(closing.map((server) => new Promise<void>((resolve) => void server.close(() => resolve()))));
  };

  return {
    address,
    get isListening() {
      return servers.length > 0;
    },
    pause,
    resume() {
      isWanted = !isClosed;
      // One after the other, so that two of them don't ask for the port at the same time.
      turn = turn.catch(() => undefined).then(listenAgain);
      return turn;
    },
    close() {
      isClosed = true;
      return pause();
    },
  };
};
