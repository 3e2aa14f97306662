import type { Socket } from 'node:net';
import { type ConnectionOptions, connect, createServer, type SecureContext, TLSSocket, type TlsOptions } from 'node:tls';

/** The TCP connection under a TLS one. */
const carriers = new WeakMap<Socket, Socket>();

/** What can be cut with a TCP RST: a TLS connection can't be, what carries it can. */
export const carrierOf = (socket: Socket): Socket => carriers.get(socket) ?? socket;

/** Ends TLS on an accepted connection; what comes out is HTTP. A failed handshake, e.g. of a client that refuses the certificate, closes it. */
export const secure = (carrier: Socket, secureContext: SecureContext, alpnProtocols?: string[]): TLSSocket => {
  const alpn = alpnProtocols ? { ALPNProtocols: alpnProtocols } : {};
  const socket = new TLSSocket(carrier, { isServer: true, secureContext, ...alpn });
  carriers.set(socket, carrier);
  socket.on('error', () => carrier.destroy());
  return socket;
};

/** Ends TLS on accepted connections, for callers alone who prove themselves by a certificate of the same authority. */
export interface MutualDoor {
  /** Calls back with what comes out, if the caller is let in; one that is not is closed. */
  admit(carrier: Socket, onSecure: (socket: TLSSocket) => void): void;
}

export const createMutualDoor = (shown: Pick<TlsOptions, 'cert' | 'key' | 'ca'>): MutualDoor => {
  // Node's TLS server looks at callers' certificates, a lone TLSSocket does not: connections are handed to one that listens nowhere.
  const server = createServer({ ...shown, requestCert: true, rejectUnauthorized: true });
  const waiting = new Map<string, { readonly carrier: Socket; readonly onSecure: (socket: TLSSocket) => void }>();
  const nameOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
  server.on('secureConnection', (socket) => {
    const name = nameOf(socket);
    const { carrier, onSecure } = waiting.get(name) ?? {};
    waiting.delete(name);
    if (!carrier || !onSecure) return void socket.destroy();
    carriers.set(socket, carrier);
    socket.on('error', () => carrier.destroy());
    onSecure(socket);
  });
  server.on('tlsClientError', (_, socket) => void socket.destroy());
  return {
    admit(carrier, onSecure) {
      const name = nameOf(carrier);
      waiting.set(name, { carrier, onSecure });
      carrier.once('close', () => waiting.delete(name));
      server.emit('connection', carrier);
    },
  };
};

/** Speaks TLS on a connection that is being opened. */
export const secureTowards = (carrier: Socket, options: ConnectionOptions): TLSSocket => {
  const socket = connect({ ...options, socket: carrier });
  carriers.set(socket, carrier);
  return socket;
};
