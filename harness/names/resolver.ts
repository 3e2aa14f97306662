import dns, { type LookupAddress, type LookupOptions } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { lookupError, type NameFailure } from './name-failure.ts';
import type { NameTable } from './names.ts';

/** Where every name of a run leads. */
const LOOPBACK: LookupAddress = { address: '127.0.0.1', family: 4 };

type Done = (error: NodeJS.ErrnoException | null, address?: string | readonly LookupAddress[], family?: number) => void;

/** Node's `dns.lookup`, of the forms that are called. */
export type Lookup = (hostname: string, options: LookupOptions | number | Done, done?: Done) => void;

/** The names of a run before those of the system, for one process. */
export interface Resolver {
  readonly lookup: Lookup;
  /** From now on, for look-ups under way as well. */
  setTable(table: NameTable): void;
}

/** @param system looks up all other names */
export const createResolver = (system: Lookup): Resolver => {
  let hosts: ReadonlySet<string> = new Set();
  let failures: NameTable['failures'] = {};

  /** @param onEnd gets the error, or null where the name is found */
  const resolve = (hostname: string, onEnd: (error: NodeJS.ErrnoException | null) => void): void => {
    const answer = (failure: NameFailure | undefined) => onEnd(failure ? lookupError(failure.type, hostname) : null);
    const failure = failures[hostname];
    if (failure?.type !== 'no-answer') {
      process.nextTick(answer, failure);
      return;
    }
    const halfMs = failure.giveUpAfterMs / 2;
    setTimeout(() => {
      const now = failures[hostname];
      if (now?.type === 'no-answer') setTimeout(answer, halfMs, now);
      else answer(now);
    }, halfMs);
  };

  return {
    lookup(hostname, options, done) {
      if (!hosts.has(hostname)) return system(hostname, options, done);
      const isAll = typeof options === 'object' && options.all === true;
      const end = typeof options === 'function' ? options : done!;
      resolve(hostname, (error) => {
        if (error) end(error);
        else if (isAll) end(null, [LOOPBACK]);
        else end(null, LOOPBACK.address, LOOPBACK.family);
      });
    },
    setTable(table) {
      hosts = new Set(table.hosts);
      failures = table.failures;
    },
  };
};

/**
 * Makes this process, or this thread, find the names of a run. Every connection by name asks `dns.lookup` unless it brings a look-up of its own: `fetch`,
 * `node:http`, `node:net`, `node:tls`. A kept connection asks nobody.
 * @returns tells it the names; none are known before
 */
export const installResolver = (): Resolver['setTable'] => {
  const system = dns.lookup;
  const resolver = createResolver(system as unknown as Lookup);
  // What promisify reads of Node's own function stays with the name.
  dns.lookup = Object.defineProperties(resolver.lookup, Object.getOwnPropertyDescriptors(system)) as unknown as typeof dns.lookup;
  syncBuiltinESMExports();
  return resolver.setTable;
};
