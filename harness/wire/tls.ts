import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';

/** The TCP connection under a TLS one. */
const carriers = new WeakMap<Socket, Socket>();

/** What can be cut with a TCP RST: a TLS connection can't be, what carries it can. */
export const carrierOf = (socket: Socket): Socket => carriers.get(socket) ?? socket;

/** Ends TLS on an accepted connection; what comes out is HTTP. A failed handshake, e.g. of a client that refuses the certificate, closes it. */
export const secure = (carrier: Socket, secureContext: SecureContext): TLSSocket => {
  const socket = new TLSSocket(carrier, { isServer: true, secureContext });
  carriers.set(socket, carrier);
  socket.on('error', () => carrier.destroy());
  return socket;
};
