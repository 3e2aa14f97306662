import { Duplex } from 'node:stream';
import type { Address } from '../listener.ts';
import type { End } from '../tcp/connection.ts';
import { dialTo } from '../tcp/tcp-proxy.ts';
import { parseAddress } from './address.ts';

/** A connection that can't be made, as to a port where nobody listens. */
const failing = (error: unknown): End =>
  Object.assign(new Duplex({ read() {}, write() {} }).destroy(error as Error), { connecting: true });

/** Dials what a proxy's `upstream` says; one that makes no sense fails when it is dialled, as it does in Toxiproxy. */
export const dialUpstream = (upstream: string): (() => End) => {
  let address: Address;
  try {
    address = parseAddress(upstream);
  } catch (error) {
    return () => failing(error);
  }
  return dialTo({ host: address.host || 'localhost', port: address.port });
};
