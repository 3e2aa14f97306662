import type { Socket } from 'node:net';
import type { ConnectionState } from '../../faults/kind.ts';
import { createListener, type ListenerOptions } from '../listener.ts';
import { openOnPort } from '../ports.ts';
import { carrierOf } from '../tls.ts';
import type { OpenExchange } from './open-exchange.ts';

/** A link's port with the state that faults hold its connections in. */
export interface Gate {
  readonly port: number;
  /** Nothing may be written to a connection now. */
  readonly isSilent: boolean;
  /** A request has come: true when it is to be served, false when it is swallowed. */
  enter(exchange: OpenExchange): boolean;
  leave(exchange: OpenExchange): void;
  /** Puts the strongest of these states in force, on new and open connections; none of them opens the gate. */
  apply(states: readonly ConnectionState[]): Promise<void>;
  /** Cuts every open connection; new ones are taken. */
  cut(): void;
  /** Stops listening and cuts every connection. */
  close(): void;
}

export interface GateOptions extends Omit<ListenerOptions, 'listen'> {
  /** Left out, a free one of the wire's range. */
  readonly port?: number;
  /** Addresses to listen at beside loopback. */
  readonly listenHosts?: readonly string[];
  /** The port can't be listened on again after a refusal. */
  readonly onLostPort: (port: number, reason: string) => void;
}

/** Which of several faults' states holds: what a connection meets first. No listener, then its reset, then silence. */
const STRONGEST_FIRST: readonly ConnectionState[] = ['refuse', 'reset', 'blackhole'];

const cut = (sockets: ReadonlySet<Socket>) => {
  for (const socket of [...sockets]) socket.resetAndDestroy();
};

const HOST = '127.0.0.1';

/**
 * Listens on a port of the wire, with nothing in force.
 * @throws {SquallError} `PORT_IN_USE` when there is none
 */
export const createGate = async (options: GateOptions): Promise<Gate> => {
  const sockets = new Set<Socket>();
  const exchanges = new Set<OpenExchange>();
  /** Connections that a black hole has swallowed something of: cut when it ends. */
  const swallowed = new Set<Socket>();
  let state: ConnectionState | undefined;

  const admit = (socket: Socket) => {
    if (state === 'reset') {
      socket.on('error', () => undefined);
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    if (state === 'blackhole') swallowed.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      swallowed.delete(socket);
    });
    options.onSocket(socket);
  };
  const listener = await openOnPort(options.port, (port) =>
    createListener({ ...options, listen: { host: HOST, port }, alsoAt: options.listenHosts ?? [], onSocket: admit }),
  );
  const { port } = listener.address;

  const swallow = (exchange: OpenExchange) => {
    swallowed.add(carrierOf(exchange.request.socket));
    exchange.lose();
  };

  const listenAgain = async () => {
    try {
      await listener.resume();
    } catch (error) {
      options.onLostPort(port, (error as NodeJS.ErrnoException).code ?? (error as Error).message);
    }
  };

  return {
    port,
    get isSilent() {
      return state === 'blackhole';
    },
    enter(exchange) {
      exchanges.add(exchange);
      if (state !== 'blackhole') return true;
      swallow(exchange);
      return false;
    },
    leave: (exchange) => void exchanges.delete(exchange),
    async apply(states) {
      const next = STRONGEST_FIRST.find((one) => states.includes(one));
      if (next === state) return;
      const previous = state;
      state = next;
      if (previous === 'blackhole') cut(swallowed);
      if (next === 'refuse') void listener.pause();
      if (next === 'refuse' || next === 'reset') cut(sockets);
      if (next === 'blackhole') for (const exchange of exchanges) swallow(exchange);
      if (previous === 'refuse') await listenAgain();
    },
    cut: () => cut(sockets),
    close() {
      void listener.close();
      cut(sockets);
    },
  };
};
