import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Certificates } from '../../tls/certificates.ts';
import { secure } from '../tls.ts';
import type { WireProtocol } from './dial.ts';

/** Begins every HTTP/2 connection of a client that knows of it beforehand (RFC 9113, section 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** No method of HTTP/1.1 begins so: as much of the preface as tells the two apart. */
const TELLING_BYTES = 'PRI * HTTP/2'.length;

/** First byte of a TLS client's hello (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 0x16;

const NOT_HTTP = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Looks at what a caller says first; gives it back unread. Nothing when it says nothing. */
const sniff = (socket: Socket, found: (protocol: WireProtocol) => void): void => {
  let seen: Buffer = Buffer.alloc(0);
  const look = (bytes: Buffer) => {
    seen = Buffer.concat([seen, bytes]);
    // It would wait for a line that never ends.
    if (seen[0] === TLS_HANDSHAKE) {
      socket.end(NOT_HTTP);
      socket.resume();
      socket.off('data', look);
      return;
    }
    const compared = Math.min(seen.length, TELLING_BYTES);
    const isPreface = seen.compare(PREFACE, 0, compared, 0, compared) === 0;
    if (isPreface && compared < TELLING_BYTES) return;
    socket.off('data', look);
    socket.off('end', end);
    socket.pause();
    socket.unshift(seen);
    found(isPreface ? 'h2' : 'http/1.1');
  };
  const end = () => void socket.destroy();
  socket.on('data', look);
  socket.once('end', end);
};

/** Ends TLS; the protocol is the one that ALPN chose, HTTP/1.1 where the caller asked for none. */
const negotiate = (socket: TLSSocket, found: (protocol: WireProtocol) => void): void => {
  socket.once('secure', () => {
    // Only Node's own server says so of the sockets that it makes, and HTTP/2 would wait for it.
    Object.assign(socket, { secureConnecting: false });
    found(socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1');
  });
};

/** Finds out what a caller speaks. @param found gets the connection as that protocol is spoken on it */
export const greet = (
  accepted: Socket,
  certificates: Certificates | undefined,
  found: (socket: Socket, protocol: WireProtocol) => void,
): void => {
  if (!certificates) {
    sniff(accepted, (protocol) => found(accepted, protocol));
    return;
  }
  const socket = secure(accepted, certificates.context(), ['h2', 'http/1.1']);
  negotiate(socket, (protocol) => found(socket, protocol));
};
