import { getSystemErrorMessage } from 'node:util';
import { createRandom } from '../../random.ts';
import { createHttpProxy } from '../http/http-proxy.ts';
import type { HttpRule } from '../http/rules/rule.ts';
import type { Address } from '../listener.ts';
import type { Alarms } from '../tcp/alarms.ts';
import type { Meter } from '../tcp/meter.ts';
import { createTcpProxy } from '../tcp/tcp-proxy.ts';
import type { Toxic } from '../toxics/toxic.ts';
import { formatAddress, parseAddress, resolveListen } from './address.ts';
import { ApiError, badAddress, noRules, noToxics } from './api-error.ts';
import type { ProxyChange, ProxyInput, ProxyProtocol } from './proxy-input.ts';
import { createRules, type Rules } from './rules.ts';
import { createToxics, type Toxics, type ToxicView } from './toxics.ts';
import { dialUpstream } from './upstream.ts';

/** A proxy as the API shows it, fields in Toxiproxy's order. */
export interface ProxyView {
  readonly name: string;
  /** Where it listens; as it was written, until it has listened. */
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  /** Of no meaning; Toxiproxy 2.12 has it. */
  readonly Logger: Readonly<Record<string, never>>;
  readonly toxics: readonly ToxicView[];
  /** Left out for TCP, which is all that Toxiproxy has. */
  readonly protocol?: 'http';
}

/** A named proxy of the API: it may be off, and moved. */
export interface NamedProxy {
  readonly name: string;
  readonly protocol: ProxyProtocol;
  readonly toxics: Toxics;
  readonly rules: Rules;
  /** What it has counted where it stands; null when it has never listened there. */
  readonly meter: Meter | null;
  view(): ProxyView;
  /** Whether it would have to move. Rejects with an ApiError when the address can't be read. */
  differs(listen: string, upstream: string): Promise<boolean>;
  /** Does nothing when it listens. Rejects with an ApiError when it can't. */
  start(): Promise<void>;
  /** Closes its connections, too. */
  stop(): Promise<void>;
  /** Moves it, or turns it on or off. Rejects with an ApiError; then it is off, at the new place. */
  update(change: ProxyChange): Promise<void>;
}

/** What all proxies of a server share. */
export interface ProxyTools {
  readonly seed: number;
  readonly alarms: Alarms;
  readonly onError?: (error: Error) => void;
}

/** Why the system does not let it listen, in the words of Go. */
const refusal = ({ host, port }: Address, error: unknown): ApiError => {
  const { errno, message } = error as NodeJS.ErrnoException;
  const reason = errno === undefined ? message : BIND_ERRORS[(error as NodeJS.ErrnoException).code ?? ''];
  return badAddress(`listen tcp ${formatAddress({ host, port })}: bind: ${reason ?? getSystemErrorMessage(errno ?? 0)}`);
};
const BIND_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
};

/** A seed of the proxy's own: toxics of one name on two proxies draw apart. */
const seedOf = (seed: number, name: string): number => Math.floor(createRandom(seed, 'proxy', name)() * 2 ** 32);

/** A proxy where it stands, whatever it knows of what passes. */
interface Standing {
  readonly address: Address;
  readonly isEnabled: boolean;
  readonly meter: Meter;
  enable(): Promise<void>;
  disable(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a proxy of each protocol, and keeps the faults in force that it takes; those of the other kind are refused. */
const createKind = ({ protocol, name }: ProxyInput, { seed, alarms, onError }: ProxyTools) => {
  const shared = { seed: seedOf(seed, name), alarms, ...(onError ? { onError } : {}) };
  let toxics: readonly Toxic[] = [];
  let rules: readonly HttpRule[] = [];
  let apply: () => void = () => undefined;
  const takenToxics = createToxics((next) => {
    toxics = next;
    apply();
  });
  const takenRules = createRules((next) => {
    rules = next;
    apply();
  });
  const refuse = (error: () => ApiError) => () => {
    throw error();
  };
  const open = async (listen: Address, upstream: string): Promise<Standing> => {
    if (protocol === 'http') {
      const { host, port } = parseAddress(upstream);
      const proxy = await createHttpProxy({ ...shared, listen, upstream: { host: host || 'localhost', port } });
      apply = () => proxy.setRules(rules);
      apply();
      return proxy;
    }
    const proxy = await createTcpProxy({ ...shared, listen, dial: dialUpstream(upstream) });
    apply = () => proxy.setToxics(toxics);
    apply();
    return proxy;
  };
  const isHttp = protocol === 'http';
  return {
    open,
    toxics: isHttp ? { ...takenToxics, add: refuse(noToxics) } : takenToxics,
    rules: isHttp ? takenRules : { ...takenRules, list: refuse(noRules), set: refuse(noRules) },
  };
};

/** A proxy that does not listen. */
export const createProxy = (input: ProxyInput, tools: ProxyTools): NamedProxy => {
  const { name, protocol } = input;
  const { toxics, rules, open } = createKind(input, tools);
  let { listen, upstream } = input;
  /** Where it stands; it outlives being turned off, and keeps port and counters then. */
  let standing: Standing | undefined;

  const stand = async (): Promise<Standing> => {
    const address = await resolveListen(listen).catch((error: ApiError) => {
      throw badAddress(`listen tcp: ${error.message}`);
    });
    try {
      return await open(address, upstream);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw refusal(address, error);
    }
  };
  const start = async () => {
    if (standing) {
      const { address } = standing;
      await standing.enable().catch((error: unknown) => {
        throw refusal(address, error);
      });
      return;
    }
    standing = await stand();
    listen = formatAddress(standing.address);
  };
  const isEnabled = () => standing?.isEnabled ?? false;
  const differs = async (wantedListen: string, wantedUpstream: string) =>
    formatAddress(await resolveListen(wantedListen)) !== listen || wantedUpstream !== upstream;

  return {
    name,
    protocol,
    toxics,
    rules,
    get meter() {
      return standing?.meter ?? null;
    },
    view() {
      const view = { name, listen, upstream, enabled: isEnabled(), Logger: {}, toxics: toxics.list() };
      return protocol === 'http' ? { ...view, protocol } : view;
    },
    differs,
    start,
    stop: async () => standing?.disable(),
    async update(change) {
      const wanted = {
        listen: change.listen ?? listen,
        upstream: change.upstream ?? upstream,
        isEnabled: change.isEnabled ?? isEnabled(),
      };
      if (await differs(wanted.listen, wanted.upstream)) {
        await standing?.close();
        standing = undefined;
        ({ listen, upstream } = wanted);
      }
      if (wanted.isEnabled) await start();
      else await standing?.disable();
    },
  };
};
