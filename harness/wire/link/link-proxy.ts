import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Fault, FaultEffect } from '../../faults/kind.ts';
import type { Certificates } from '../../tls/certificates.ts';
import type { ServiceLink } from '../../topology/link.ts';
import { secure } from '../tls.ts';
import { type ActiveFault, activate } from './active-fault.ts';
import { createGate } from './gate.ts';
import { httpRulesOf } from './http-rules.ts';
import { WIRE_LIMITS, type WireLimits } from './limits.ts';
import { openExchange } from './open-exchange.ts';
import { createExchangeServer } from './serve-exchange.ts';
import { createSwitchedUpstream } from './switched-upstream.ts';

/**
 * A link of the live world: a port on loopback between the system under test and one emulated endpoint.
 *
 *     caller ──► listener ──► connection state ──► round trip ──► faults, first started first ──► emulator
 */
export interface LinkProxy {
  readonly link: ServiceLink;
  /** What the system under test is told, e.g. `http://127.0.0.1:20011`. */
  readonly origin: string;
  /** Resolves when the fault holds the link; what it does to open connections is done at once. */
  begin(fault: Fault, effect: FaultEffect): Promise<void>;
  /** Resolves when the link is as it was, if no other fault holds it. */
  end(fault: Fault): Promise<void>;
  close(): Promise<void>;
}

/** An exchange that is over; times are of the clock `performance.timeOrigin + performance.now()`. */
export interface EndedExchange {
  readonly startMs: number;
  readonly endMs: number;
  /** 0 where the caller got no whole answer: its connection was cut, or it gave up. */
  readonly status: number;
}

export interface LinkProxyOptions {
  readonly link: ServiceLink;
  /** Origin of the emulator's endpoint. */
  readonly upstreamOrigin: string;
  readonly seed: number;
  readonly limits?: WireLimits;
  /** Port to listen on; left out, a free one. */
  readonly port?: number;
  /** Addresses of this machine to listen at beside loopback, at the same port: those of networks of containers. */
  readonly listenHosts?: readonly string[];
  /** Callers come over TLS, and are shown one of these. Left out: plain HTTP. */
  readonly certificates?: Certificates;
  /** Hears of each exchange that is over. */
  readonly onExchange?: (exchange: EndedExchange) => void;
  /** Something worth telling in the report, one sentence. */
  readonly onEvent: (text: string) => void;
  /** The wire itself has failed: the run can't be judged. One sentence. */
  readonly onBroken: (text: string) => void;
}

/** Longer than any pause between two requests, so that a kept-alive connection is not closed under a request. */
const KEEP_ALIVE_MS = 120_000;

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Puts the link's port up. */
export const createLinkProxy = async (options: LinkProxyOptions): Promise<LinkProxy> => {
  const { link, limits = WIRE_LIMITS, certificates, onBroken } = options;
  const upstream = createSwitchedUpstream(options.upstreamOrigin, options.seed, (error) =>
    onBroken(`the HTTP faults of link ${link.id} can't accept connections: ${error.message}`),
  );
  let actives: readonly ActiveFault[] = [];

  const tellOnce = createOnce(options.onEvent);
  const serve = createExchangeServer({
    link,
    seed: options.seed,
    upstream,
    limits,
    actives: () => actives,
    onFailure: (failure) =>
      failure.name === 'FaultFailed'
        ? onBroken(`a fault failed on link ${link.id}: ${failure.message}`)
        : tellOnce(failure.name, `wire: ${failure.name} on link ${link.id}: ${failure.message}`),
  });
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const startMs = nowMs();
    const exchange = openExchange(request, response, () => {
      gate.leave(exchange);
      options.onExchange?.({ startMs, endMs: nowMs(), status: response.writableFinished ? response.statusCode : 0 });
    });
    if (gate.enter(exchange)) void serve(exchange);
  };
  const server = createHttpServer(onRequest, () => gate.isSilent);
  const secured = (socket: Socket): Socket => {
    // A black hole answers no handshake.
    if (!certificates || gate.isSilent) return socket;
    const [flaw] = actives.flatMap((active) => active.effect.certificate?.(link) ?? []);
    return secure(socket, certificates.context(flaw));
  };
  const gate = await createGate({
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.listenHosts === undefined ? {} : { listenHosts: options.listenHosts }),
    maxConnections: limits.maxConnections,
    onSocket: (socket) => void server.emit('connection', secured(socket)),
    onDrop: () => tellOnce('maxConnections', `wire: limit maxConnections (${limits.maxConnections}) reached on link ${link.id}`),
    onError: (error) => onBroken(`link ${link.id} can't accept connections: ${error.message}`),
    onLostPort: (port, reason) =>
      onBroken(`link ${link.id} can't listen again on port ${port} after its fault, another process has it (${reason})`),
  });
  const applyRules = () => upstream.setRules(httpRulesOf(actives, link));
  const applyState = () => gate.apply(actives.flatMap((active) => active.effect.connection?.(link) ?? []));

  return {
    link,
    origin: `${certificates ? 'https' : 'http'}://127.0.0.1:${gate.port}`,
    async begin(fault, effect) {
      actives = [...actives, activate(fault, effect)];
      // A kept connection would never see the certificate: as after a restart of the server that shows it.
      if (effect.certificate?.(link)) gate.cut();
      if (effect.http) await applyRules();
      await applyState();
    },
    async end(fault) {
      const ended = actives.filter((active) => active.fault.name === fault.name);
      actives = actives.filter((active) => active.fault.name !== fault.name);
      for (const active of ended) for (const notify of [...active.onEnd]) notify();
      if (ended.some(({ effect }) => effect.http)) await applyRules();
      await applyState();
    },
    async close() {
      gate.close();
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
