import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { FetchHandler } from '../../../mocks/emulator.ts';
import { SquallError } from '../../errors.ts';
import { isLight } from '../fetch/install.ts';
import { createLightListener } from './light-listener.ts';

/** A fetch handler on a loopback socket. */
export interface Mounted {
  /** E.g. `http://127.0.0.1:20011`. */
  readonly origin: string;
  readonly port: number;
  /** Stops listening and cuts open connections. */
  close(): Promise<void>;
}

export interface MountOptions {
  /** 0 takes a free port. */
  readonly port?: number;
  /** Serve HTTPS with this certificate chain and key, PEM. */
  readonly tls?: { readonly certPem: string; readonly keyPem: string };
  /** Something before it ends TLS: the handler sees `https:` in its requests' URLs, as their callers wrote it. */
  readonly isBehindTls?: boolean;
}

/** Longer than any run's pause between two requests, so that a kept-alive connection is not closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Mounts a handler on 127.0.0.1.
 * @throws {SquallError} `PORT_IN_USE`
 */
export const mount = async (
  handler: FetchHandler,
  { port = 0, tls, isBehindTls = false }: MountOptions = {},
): Promise<Mounted> => {
  const listener = isLight()
    ? createLightListener(handler, tls || isBehindTls ? 'https' : 'http')
    : getRequestListener((request) => handler(request), { overrideGlobalObjects: false });
  const server: Server = tls ? createHttpsServer({ cert: tls.certPem, key: tls.keyPem }, listener) : createHttpServer(listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // What the adapter tells the scheme by: TLS sockets have it.
  if (isBehindTls) server.on('connection', (socket) => void Object.assign(socket, { encrypted: true }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new SquallError(
              'PORT_IN_USE',
              `Port ${port} on 127.0.0.1 is in use.`,
              'Stop the program that holds it, or name another port.',
            )
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
