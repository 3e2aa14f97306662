import { isIPv6 } from 'node:net';
import { isLoopbackHost } from '../../web-page.ts';
import { mount } from '../../world/live/mount.ts';
import { createAlarms } from '../tcp/alarms.ts';
import { createToxiproxyApi } from './api.ts';
import { populateFrom } from './config.ts';
import { createProxies } from './proxies.ts';
import type { ProxyView } from './proxy.ts';

export interface ToxiproxyOptions {
  /** Where the API listens: an address or a name. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** A file of Toxiproxy's `-config` whose proxies are put up first. */
  readonly configFile?: string;
  /** 0..2^32-1; toxics' draws follow from it. */
  readonly seed: number;
  /** Something has gone wrong that no caller is told, one sentence. */
  readonly onError?: (text: string) => void;
}

/** Proxies with their API, up. */
export interface ToxiproxyServer {
  /** E.g. `http://127.0.0.1:8474`. */
  readonly origin: string;
  proxies(): readonly ProxyView[];
  /** Closes the API, the proxies and their connections. */
  close(): Promise<void>;
}

/**
 * Serves what toxiproxy-server serves. Nothing stays behind when it can't.
 * @throws {SquallError} `PORT_IN_USE`, `BAD_FLAG` for the host, `NOT_FOUND` or `BAD_SCENARIO` for the file
 */
export const serveToxiproxy = async ({ host, port, configFile, seed, onError }: ToxiproxyOptions): Promise<ToxiproxyServer> => {
  const proxies = createProxies({
    seed,
    alarms: createAlarms(),
    ...(onError ? { onError: ({ message }) => onError(message) } : {}),
  });
  try {
    if (configFile !== undefined) await populateFrom(configFile, proxies);
    const api = await mount(createToxiproxyApi(proxies, { isLoopback: isLoopbackHost(isIPv6(host) ? `[${host}]` : host) }), {
      host,
      port,
    });
    return {
      origin: api.origin,
      proxies: () => proxies.list().map((proxy) => proxy.view()),
      async close() {
        await api.close();
        await proxies.close();
      },
    };
  } catch (error) {
    await proxies.close();
    throw error;
  }
};
