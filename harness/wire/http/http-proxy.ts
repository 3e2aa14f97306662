import type { Socket } from 'node:net';
import type { Certificates } from '../../tls/certificates.ts';
import { type Address, createListener } from '../listener.ts';
import type { Alarms } from '../tcp/alarms.ts';
import { createMeter, type Meter } from '../tcp/meter.ts';
import { carrierOf } from '../tls.ts';
import type { HttpConnection } from './connection.ts';
import { dialUpstream, type HttpUpstream, type WireProtocol } from './dial.ts';
import { createTally } from './exchange.ts';
import { greet } from './front.ts';
import { serveHttp1 } from './h1/serve.ts';
import { serveHttp2 } from './h2/serve.ts';
import type { HttpRule } from './rules/rule.ts';
import { createRuleBook } from './rules/rule-book.ts';
import { createTraffic } from './traffic.ts';

/** Counts of a proxy since it was made; faults landed by the name of their rule. */
export interface HttpMeter extends Meter {
  /** Requests that have come, calls of HTTP/2 among them. */
  requests: number;
}

/**
 * A port before an HTTP server, with faults that know HTTP: by method, path, header and gRPC method, on requests, bodies and WebSockets.
 * Callers speak HTTP/1.1 or HTTP/2, in plain (told apart by their first bytes) or over TLS (ALPN), and the upstream is spoken to likewise.
 *
 *     caller ──► rules ──► faults on the request ──► faults on its body ──► upstream
 *            ◄── faults on the answer's body ◄──────────────────────────────
 */
export interface HttpProxy {
  /** Where it listens; the port that it got, where 0 was asked for. */
  readonly address: Address;
  readonly isEnabled: boolean;
  readonly meter: HttpMeter;
  readonly rules: readonly HttpRule[];
  /** For requests from now on. What rules that are gone hold back is let go; those that stay as they were keep their counts. */
  setRules(rules: readonly HttpRule[]): void;
  /** Listens again. Rejects with the system's error when another process has taken the port meanwhile. */
  enable(): Promise<void>;
  /** Refuses connections, and closes those that are open. */
  disable(): Promise<void>;
  /** As `disable`, for good. */
  close(): Promise<void>;
}

export interface HttpProxyOptions {
  readonly listen: Address;
  readonly upstream: HttpUpstream;
  /** Callers come over TLS, and are shown one of these. Left out: plain HTTP. */
  readonly certificates?: Certificates;
  readonly seed: number;
  readonly alarms: Alarms;
  readonly rules?: readonly HttpRule[];
  /** Something has gone wrong that no caller is told, e.g. the system can't accept a connection. */
  readonly onError?: (error: Error) => void;
}

const SERVE: Readonly<Record<WireProtocol, typeof serveHttp1>> = { 'http/1.1': serveHttp1, h2: serveHttp2 };

/**
 * Puts a proxy up.
 * Rejects with the system's error, e.g. `EADDRINUSE`.
 */
export const createHttpProxy = async (options: HttpProxyOptions): Promise<HttpProxy> => {
  const { upstream, certificates, seed, alarms, onError = () => undefined } = options;
  const { track, ...traffic } = createTraffic();
  const meter: HttpMeter = { ...createMeter(), ...traffic, requests: 0 };
  const tally = createTally(meter);
  const book = createRuleBook(seed);
  book.set(options.rules ?? []);
  /** What closes each accepted connection. */
  const open = new Map<Socket, () => void>();

  const onSocket = (accepted: Socket) => {
    meter.connections += 1;
    meter.openConnections += 1;
    open.set(accepted, () => accepted.destroy());
    accepted.on('error', () => undefined);
    accepted.once('close', () => {
      open.delete(accepted);
      meter.openConnections -= 1;
    });
    track(accepted, 'upstream');
    greet(accepted, certificates, (caller, protocol) => {
      const connection: HttpConnection = SERVE[protocol]({
        caller,
        dial() {
          const socket = dialUpstream(upstream, protocol);
          track(carrierOf(socket), 'downstream');
          return socket;
        },
        book,
        alarms,
        tally,
        onRequest() {
          meter.requests += 1;
        },
        onUnreachable() {
          meter.failedConnections += 1;
        },
      });
      open.set(accepted, connection.destroy);
    });
  };

  const listener = await createListener({ listen: options.listen, onSocket, onError });

  /** @param isDeaf resolves when the port has no connection left */
  const end = (isDeaf: Promise<void>): Promise<void> => {
    for (const destroy of [...open.values()]) destroy();
    return isDeaf;
  };

  return {
    address: listener.address,
    get isEnabled() {
      return listener.isListening;
    },
    meter,
    get rules() {
      return book.rules;
    },
    setRules: book.set,
    enable: listener.resume,
    disable: () => end(listener.pause()),
    close: () => end(listener.close()),
  };
};
