import type { Socket } from 'node:net';
import { type ConnectionOptions, connect, type SecureContext, TLSSocket } from 'node:tls';

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

/** Speaks TLS on a connection that is being opened. */
export const secureTowards = (carrier: Socket, options: ConnectionOptions): TLSSocket => {
  const socket = connect({ ...options, socket: carrier });
  carriers.set(socket, carrier);
  return socket;
};
