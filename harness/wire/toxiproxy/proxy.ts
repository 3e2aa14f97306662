import { getSystemErrorMessage } from 'node:util';
import { createRandom } from '../../random.ts';
import type { Alarms } from '../tcp/alarms.ts';
import type { Meter } from '../tcp/meter.ts';
import { type Address, createTcpProxy, type TcpProxy } from '../tcp/tcp-proxy.ts';
import type { Toxic } from '../toxics/toxic.ts';
import { formatAddress, resolveListen } from './address.ts';
import { type ApiError, badAddress } from './api-error.ts';
import type { ProxyChange, ProxyInput } from './proxy-input.ts';
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
}

/** A named proxy of the API: it may be off, and moved. */
export interface NamedProxy {
  readonly name: string;
  readonly toxics: Toxics;
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

/** A proxy that does not listen. */
export const createProxy = (input: ProxyInput, { seed, alarms, onError }: ProxyTools): NamedProxy => {
  const { name } = input;
  let { listen, upstream } = input;
  /** Where it stands; it outlives being turned off, and keeps port and counters then. */
  let tcp: TcpProxy | undefined;
  let toxicsInForce: readonly Toxic[] = [];
  const toxics = createToxics((next) => {
    toxicsInForce = next;
    tcp?.setToxics(next);
  });

  const open = async (): Promise<TcpProxy> => {
    const address = await resolveListen(listen).catch((error: ApiError) => {
      throw badAddress(`listen tcp: ${error.message}`);
    });
    try {
      const options = { listen: address, dial: dialUpstream(upstream), seed: seedOf(seed, name), alarms };
      return await createTcpProxy({ ...options, ...(onError ? { onError } : {}) });
    } catch (error) {
      throw refusal(address, error);
    }
  };
  const start = async () => {
    if (tcp) {
      const { address } = tcp;
      await tcp.enable().catch((error: unknown) => {
        throw refusal(address, error);
      });
      return;
    }
    tcp = await open();
    tcp.setToxics(toxicsInForce);
    listen = formatAddress(tcp.address);
  };
  const isEnabled = () => tcp?.isEnabled ?? false;
  const differs = async (wantedListen: string, wantedUpstream: string) =>
    formatAddress(await resolveListen(wantedListen)) !== listen || wantedUpstream !== upstream;

  return {
    name,
    toxics,
    get meter() {
      return tcp?.meter ?? null;
    },
    view: () => ({ name, listen, upstream, enabled: isEnabled(), Logger: {}, toxics: toxics.list() }),
    differs,
    start,
    stop: async () => tcp?.disable(),
    async update(change) {
      const wanted = {
        listen: change.listen ?? listen,
        upstream: change.upstream ?? upstream,
        isEnabled: change.isEnabled ?? isEnabled(),
      };
      if (await differs(wanted.listen, wanted.upstream)) {
        await tcp?.close();
        tcp = undefined;
        ({ listen, upstream } = wanted);
      }
      if (wanted.isEnabled) await start();
      else await tcp?.disable();
    },
  };
};
