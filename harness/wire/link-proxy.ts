import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionState, Fault, FaultEffect } from '../faults/kind.ts';
import type { Link } from '../topology/link.ts';
import { type ActiveFault, activate } from './active-fault.ts';
import { WIRE_LIMITS, type WireLimits } from './limits.ts';
import { createListener } from './listener.ts';
import { type OpenExchange, openExchange } from './open-exchange.ts';
import { createExchangeServer } from './serve-exchange.ts';
import { createUpstream } from './upstream.ts';

/**
 * A link of the live world: a port on loopback between the system under test and one emulated endpoint.
 *
 *     caller ──► listener ──► connection state ──► round trip ──► faults, first started first ──► emulator
 */
export interface LinkProxy {
  readonly link: Link;
  /** What the system under test is told, e.g. `http://127.0.0.1:20011`. */
  readonly origin: string;
  /** Resolves when the fault holds the link; what it does to open connections is done at once. */
  begin(fault: Fault, effect: FaultEffect): Promise<void>;
  /** Resolves when the link is as it was, if no other fault holds it. */
  end(fault: Fault): Promise<void>;
  close(): Promise<void>;
}

export interface LinkProxyOptions {
  readonly link: Link;
  /** Origin of the emulator's endpoint. */
  readonly upstreamOrigin: string;
  readonly seed: number;
  readonly limits?: WireLimits;
  /** Something worth telling in the report, one sentence. */
  readonly onEvent: (text: string) => void;
  /** The wire itself has failed: the run can't be judged. One sentence. */
  readonly onBroken: (text: string) => void;
}

/** Which of several faults' states holds: what a connection meets first. No listener, then its reset, then silence. */
const STRONGEST_FIRST: readonly ConnectionState[] = ['refuse', 'reset', 'blackhole'];

/** Longer than any pause between two requests, so that a kept-alive connection is not closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/** Puts the link's port up. */
export const createLinkProxy = async (options: LinkProxyOptions): Promise<LinkProxy> => {
  const { link, limits = WIRE_LIMITS } = options;
  const upstream = createUpstream(options.upstreamOrigin);
  const sockets = new Set<Socket>();
  const exchanges = new Set<OpenExchange>();
  /** Connections that a blackhole has swallowed something of: cut when it ends. */
  const swallowed = new Set<Socket>();
  let actives: readonly ActiveFault[] = [];
  let state: ConnectionState | undefined;

  const tellOnce = createOnce(options.onEvent);
  const serve = createExchangeServer({
    link,
    seed: options.seed,
    upstream,
    limits,
    actives: () => actives,
    onFailure: (failure) =>
      failure.name === 'FaultFailed'
        ? options.onBroken(`a fault failed on link ${link.id}: ${failure.message}`)
        : tellOnce(failure.name, `wire: ${failure.name} on link ${link.id}: ${failure.message}`),
  });

  const swallow = (exchange: OpenExchange) => {
    swallowed.add(exchange.request.socket);
    exchange.lose();
  };

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const exchange = openExchange(request, response, () => exchanges.delete(exchange));
    exchanges.add(exchange);
    if (state === 'blackhole') swallow(exchange);
    else void serve(exchange);
  };

  const server = createHttpServer(onRequest, () => state === 'blackhole');
  const listener = await createListener({
    maxConnections: limits.maxConnections,
    onSocket(socket) {
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
      server.emit('connection', socket);
    },
    onDrop: () => tellOnce('maxConnections', `wire: limit maxConnections (${limits.maxConnections}) reached on link ${link.id}`),
    onError: (error) => options.onBroken(`link ${link.id} can't accept connections: ${error.message}`),
  });

  const cut = (some: ReadonlySet<Socket>) => {
    for (const socket of [...some]) socket.resetAndDestroy();
  };

  const listenAgain = async () => {
    try {
      await listener.resume();
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      options.onBroken(
        `link ${link.id} can't listen again on port ${listener.port} after its fault, another process has it (${reason})`,
      );
    }
  };

  const applyState = async () => {
    const states = actives.map((active) => active.effect.connection?.(link));
    const next = STRONGEST_FIRST.find((one) => states.includes(one));
    if (next === state) return;
    const previous = state;
    state = next;
    if (previous === 'blackhole') cut(swallowed);
    if (next === 'refuse') listener.pause();
    if (next === 'refuse' || next === 'reset') cut(sockets);
    if (next === 'blackhole') for (const exchange of exchanges) swallow(exchange);
    if (previous === 'refuse') await listenAgain();
  };

  return {
    link,
    origin: `http://127.0.0.1:${listener.port}`,
    begin(fault, effect) {
      actives = [...actives, activate(fault, effect)];
      return applyState();
    },
    async end(fault) {
      const ended = actives.filter((active) => active.fault.name === fault.name);
      actives = actives.filter((active) => active.fault.name !== fault.name);
      for (const active of ended) for (const notify of [...active.onEnd]) notify();
      await applyState();
    },
    async close() {
      listener.pause();
      cut(sockets);
      await upstream.close();
    },
  };
};

/** The HTTP side, without a listener of its own: connections are handed in. */
const createHttpServer = (onRequest: (request: IncomingMessage, response: ServerResponse) => void, isSilent: () => boolean) => {
  // Time-outs off: a server that answers 408 by itself would break a blackhole's silence.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: 0, requestTimeout: 0 }, onRequest);
  server.on('checkContinue', (request, response) => {
    if (!isSilent()) response.writeContinue();
    onRequest(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (isSilent()) return;
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
  });
  return server;
};

/** Tells each subject once: a limit is reached a thousand times in a second. */
const createOnce = (tell: (text: string) => void) => {
  const told = new Set<string>();
  return (subject: string, text: string) => {
    if (told.has(subject)) return;
    told.add(subject);
    tell(text);
  };
};
