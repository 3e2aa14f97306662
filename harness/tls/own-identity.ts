import { Agent, buildConnector, setGlobalDispatcher } from 'undici';
import type { PartIdentity } from './part-identity.ts';

/** What this process proves itself by. */
let own: PartIdentity | undefined;
const listeners = new Set<(identity: PartIdentity) => void>();

/** Options of a TLS connection that believes an identity's authority, and proves itself where that is asked for. */
export const clientOptions = ({ caPem, certPem, keyPem, isMutual }: PartIdentity) => ({
  ca: caPem,
  ...(isMutual ? { cert: certPem, key: keyPem } : {}),
});

/** Connects with the identity of the moment: certificates are looked at when a connection is made. @param identity gives it */
export const connectWith = (identity: () => PartIdentity): buildConnector.connector => {
  let made: { readonly identity: PartIdentity; readonly connect: buildConnector.connector } | undefined;
  return (options, callback) => {
    const current = identity();
    if (made?.identity !== current)
      made = { identity: current, connect: buildConnector({ ...clientOptions(current), allowH2: false }) };
    made.connect(options, callback);
  };
};

/** This process's `fetch` proves itself by it from now on, and so do servers that ask for it. */
export const takeIdentity = (identity: PartIdentity): void => {
  if (!own) setGlobalDispatcher(new Agent({ connect: connectWith(() => own!) }));
  own = identity;
  for (const listener of listeners) listener(identity);
};

/** What a server of this process shows, and whom it lets in; undefined where the process has no identity, and serves plain HTTP. */
export interface ServerTls {
  readonly identity: PartIdentity;
  /** Hears of each new one. */
  onChange(listener: (identity: PartIdentity) => void): void;
}

/** Options of a TLS server that shows an identity. */
export const serverOptions = ({ caPem, certPem, keyPem, isMutual }: PartIdentity) => ({
  cert: certPem,
  key: keyPem,
  ca: caPem,
  requestCert: isMutual,
  rejectUnauthorized: isMutual,
});

export const serverTls = (): ServerTls | undefined =>
  own && { identity: own, onChange: (listener) => void listeners.add(listener) };
