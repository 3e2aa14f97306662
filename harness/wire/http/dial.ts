import { connect, isIP, type Socket } from 'node:net';
import { clientOptions } from '../../tls/own-identity.ts';
import type { IdentitySource } from '../../tls/part-identity.ts';
import type { Address } from '../listener.ts';
import { secureTowards } from '../tls.ts';

/** What an HTTP proxy stands before. */
export interface HttpUpstream extends Address {
  /** It speaks TLS; left out, plain HTTP. */
  readonly tls?: {
    /** Trusted beside nobody else; the system's authorities when left out. PEM. */
    readonly caPem?: string;
    /** Name that its certificate must be for; its host when left out. */
    readonly servername?: string;
    /** Trusts its authority in place of `caPem`, and shows its certificate. */
    readonly identity?: IdentitySource;
  };
}

/** ALPN's names of what callers may speak. */
export type WireProtocol = 'http/1.1' | 'h2';

/** Connects to the upstream for a protocol. */
export const dialUpstream = ({ tls, host: at, port }: HttpUpstream, protocol: WireProtocol): Socket => {
  const socket = connect({ host: at, port, allowHalfOpen: true, noDelay: true });
  if (!tls) return socket;
  const host = tls.servername ?? at;
  return secureTowards(socket, {
    ALPNProtocols: [protocol],
    host,
    ...(isIP(host) ? {} : { servername: host }),
    ...(tls.caPem === undefined ? {} : { ca: tls.caPem }),
    ...(tls.identity ? clientOptions(tls.identity.current) : {}),
  });
};
