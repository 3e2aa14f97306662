import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Fault, FaultEffect } from '../../faults/kind.ts';
import type { CertificateFlaw, Certificates } from '../../tls/certificates.ts';
import type { IdentitySource } from '../../tls/part-identity.ts';
import type { ServiceLink } from '../../topology/link.ts';
import { createMutualDoor, type MutualDoor, secure } from '../tls.ts';
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
  /** Left out where the wire knows no more than the bytes. */
  readonly connections?: ConnectionCount;
}

/** Connections that a link's callers have made. */
export interface ConnectionCount {
  /** Over TLS, once its handshake was done. */
  readonly secured: number;
  /** In plain HTTP, for whoever listens on the way to read. */
  readonly plain: number;
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
  /** What the wire proves itself by where it calls: upstreams speak TLS then. Left out: plain HTTP. */
  readonly identity?: IdentitySource;
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

/** One for each flaw of a certificate, made when it is first shown; none where callers are asked for nothing. */
const createMutualDoors = (mutual: Certificates['mutual']): ((flaw?: CertificateFlaw) => MutualDoor | undefined) => {
  const doors = new Map<CertificateFlaw | undefined, MutualDoor>();
  return (flaw) => {
    if (mutual && !doors.has(flaw)) doors.set(flaw, createMutualDoor(mutual(flaw)));
    return doors.get(flaw);
  };
};

/** Puts the link's port up. */
export const createLinkProxy = async (options: LinkProxyOptions): Promise<LinkProxy> => {
  const { link, limits = WIRE_LIMITS, certificates, onBroken } = options;
  const upstream = createSwitchedUpstream(options.upstreamOrigin, options.seed, {
    onError: (error) => onBroken(`the HTTP faults of link ${link.id} can't accept connections: ${error.message}`),
    ...(certificates && options.identity ? { secured: { certificates, identity: options.identity } } : {}),
  });
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
  const connections = { secured: 0, plain: 0 };
  const doors = createMutualDoors(certificates?.mutual);
  const welcome = (socket: Socket): void => {
    const onSocket = (one: Socket) => {
      connections[one === socket ? 'plain' : 'secured'] += 1;
      server.emit('connection', one);
    };
    // A black hole answers no handshake.
    if (!certificates || gate.isSilent) {
      if (certificates) server.emit('connection', socket);
      else onSocket(socket);
      return;
    }
    const [flaw] = actives.flatMap((active) => active.effect.certificate?.(link) ?? []);
    const door = doors(flaw);
    if (door) door.admit(socket, onSocket);
    else onSocket(secure(socket, certificates.context(flaw)));
  };
  const gate = await createGate({
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.listenHosts === undefined ? {} : { listenHosts: options.listenHosts }),
    maxConnections: limits.maxConnections,
    onSocket: welcome,
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
    connections,
    async begin(fault, effect) {
      actives = [...actives, activate(fault, effect)];
      // A kept connection would never see the certificate: as after a restart of the server that shows it.
      if (certificates && effect.certificate?.(link)) gate.cut();
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
