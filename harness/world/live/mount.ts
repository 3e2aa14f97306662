import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, isIPv6 } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { FetchHandler } from '../../../mocks/emulator.ts';
import { noteTarget } from '../../../mocks/shared/sent-path.ts';
import { SquallError } from '../../errors.ts';
import { type ServerTls, serverOptions } from '../../tls/own-identity.ts';
import { isLight } from '../fetch/install.ts';
import { createLightListener } from './light-listener.ts';

/** A fetch handler on a socket. */
export interface Mounted {
  /** E.g. `http://127.0.0.1:20011`. */
  readonly origin: string;
  readonly port: number;
  /** Stops listening and cuts open connections. */
  close(): Promise<void>;
  /** Stops listening, lets requests under way end, and cuts what is left after so long. @param withinMs milliseconds */
  drain(withinMs: number): Promise<void>;
}

export interface MountOptions {
  /** An address or a name of this machine; 127.0.0.1 when left out. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Serve HTTPS with this certificate chain and key, PEM. */
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  /** Serve HTTPS as this part, to parts of the same run alone where it is mutual. */
  readonly identity?: ServerTls | undefined;
  /** Something before it ends TLS: the handler sees `https:` in its requests' URLs, as their callers wrote it. */
  readonly isBehindTls?: boolean;
}

/** Longer than any run's pause between two requests, so that a kept-alive connection is not closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/** How often a server that drains looks for connections whose request has ended: a kept one would keep it up. */
const IDLE_LOOK_MS = 20;

const drain = async (server: Server, withinMs: number): Promise<void> => {
  const look = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
  const cut = setTimeout(() => server.closeAllConnections(), withinMs);
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  clearInterval(look);
  clearTimeout(cut);
};

/** Why the system does not let it listen, in the user's words where they can help it. */
const refusal = (error: NodeJS.ErrnoException, host: string, port: number): Error => {
  switch (error.code) {
    case 'EADDRINUSE':
      return new SquallError(
        'PORT_IN_USE',
        `Port ${port} on ${host} is in use.`,
        'Stop the program that holds it, or name another port.',
      );
    case 'EACCES':
      return new SquallError('BAD_FLAG', `Port ${port} on ${host} is not open to this user.`, 'Name a port from 1024 on.');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EADDRNOTAVAIL':
      return new SquallError('BAD_FLAG', `${host} is no address of this machine.`, '127.0.0.1 is one.');
    default:
      return error;
  }
};

const createServer = (
  { tls, identity }: { readonly [Key in 'tls' | 'identity']: MountOptions[Key] | undefined },
  listener: RequestListener,
): Server => {
  if (identity) {
    const server = createHttpsServer(serverOptions(identity.identity), listener);
    identity.onChange((next) => server.setSecureContext(serverOptions(next)));
    return server;
  }
  return tls ? createHttpsServer({ cert: tls.certPem, key: tls.keyPem }, listener) : createHttpServer(listener);
};

/**
 * Mounts a handler, on 127.0.0.1 unless another host is named.
 * @throws {SquallError} `PORT_IN_USE`; `BAD_FLAG` for a host that is not this machine's, or a port that is not for this user
 */
export const mount = async (
  handler: FetchHandler,
  { host = '127.0.0.1', port = 0, tls, identity, isBehindTls = false }: MountOptions = {},
): Promise<Mounted> => {
  const isSecure = tls !== undefined || identity !== undefined;
  const listener = isLight()
    ? createLightListener(handler, isSecure || isBehindTls ? 'https' : 'http')
    : getRequestListener(
        (request, { incoming }) => {
          noteTarget(request, incoming.url ?? '');
          return handler(request);
        },
        { overrideGlobalObjects: false },
      );
  const server = createServer({ tls, identity }, listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // What the adapter tells the scheme by: TLS sockets have it.
  if (isBehindTls) server.on('connection', (socket) => void Object.assign(socket, { encrypted: true }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(refusal(error, host, port)));
    server.listen(port, host, resolve);
  });
  const { address, port: bound } = server.address() as AddressInfo;
  return {
    origin: `${isSecure ? 'https' : 'http'}://${isIPv6(address) ? `[${address}]` : address}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    drain: (withinMs) => drain(server, withinMs),
  };
};
