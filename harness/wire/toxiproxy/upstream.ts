import { Duplex } from 'node:stream';
import type { End } from '../tcp/connection.ts';
import { dialTo } from '../tcp/tcp-proxy.ts';
import { parseAddress } from './address.ts';

/** What nobody can be reached at: connections to it fail, as they do where nobody listens. */
const unreachable = (error: Error) => (): End => new Duplex({ read() {}, write() {} }).destroy(error);

/** Dials what a proxy's `upstream` says; one that makes no sense fails when it is dialled, as it does in Toxiproxy. */
export const dialUpstream = (upstream: string): (() => End) => {
  try {
    const { host, port } = parseAddress(upstream);
    return dialTo({ host: host || 'localhost', port });
  } catch (error) {
    return unreachable(error as Error);
  }
};
