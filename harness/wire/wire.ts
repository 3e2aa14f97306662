import type { BoundFault } from '../faults/bind.ts';
import type { ServiceLink } from '../topology/link.ts';
import { createFrontedLink } from './link/fronted-link.ts';
import type { WireLimits } from './link/limits.ts';
import {
  type ConnectionCount,
  createLinkProxy,
  type EndedExchange,
  type LinkProxy,
  type LinkProxyOptions,
} from './link/link-proxy.ts';
import { createTcpLink } from './link/tcp-link.ts';

/** The live data plane: one proxy a link. Whatever the system under test sends to a provider goes through here. */
export interface Wire {
  /**
   * What the system under test is told instead of the emulator's origin.
   * @throws {TypeError} for a link that the wire does not carry
   */
  originOf(linkId: string): string;
  /** What callers have made up to now, by the link's id; those that the wire knows no more of than the bytes are not in it. */
  connections(): Readonly<Record<string, ConnectionCount>>;
  /** Puts the fault on each of its links. */
  begin(bound: BoundFault<ServiceLink>): Promise<void>;
  end(bound: BoundFault<ServiceLink>): Promise<void>;
  /** From now on this hears of each exchange that is over. */
  watch(onExchange: (link: ServiceLink, exchange: EndedExchange) => void): void;
  /** Stops listening, cuts every connection. */
  close(): Promise<void>;
}

export interface WireLink
  extends Pick<LinkProxyOptions, 'link' | 'upstreamOrigin' | 'port' | 'listenHosts' | 'certificates' | 'identity'> {
  /** Faults may touch its bytes, too: those with toxics. */
  readonly isFronted?: boolean;
}

export interface WireOptions {
  readonly links: readonly WireLink[];
  readonly seed: number;
  readonly limits?: WireLimits;
  readonly onEvent: (text: string) => void;
  readonly onBroken: (text: string) => void;
}

const openerOf = ({ link, isFronted = false }: WireLink): ((options: LinkProxyOptions) => Promise<LinkProxy>) => {
  if (link.role === 'tcp') return createTcpLink;
  return isFronted ? createFrontedLink : createLinkProxy;
};

/**
 * Puts all links up; none stays behind when one of them fails.
 * @throws {SquallError} `PORT_IN_USE` when no port is free
 */
export const createWire = async ({ links, ...shared }: WireOptions): Promise<Wire> => {
  const proxies = new Map<string, LinkProxy>();
  let watcher: Parameters<Wire['watch']>[0] | undefined;
  const close = async () => {
    await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
  };
  const proxyOf = (linkId: string): LinkProxy => {
    const proxy = proxies.get(linkId);
    if (!proxy) throw new TypeError(`the wire has no link ${linkId}`);
    return proxy;
  };

  try {
    for (const one of links) {
      const { isFronted: _, ...link } = one;
      proxies.set(
        one.link.id,
        await openerOf(one)({
          ...link,
          ...shared,
          onExchange: (exchange: EndedExchange) => watcher?.(one.link, exchange),
        }),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }

  return {
    originOf: (linkId) => proxyOf(linkId).origin,
    connections: () =>
      Object.fromEntries(
        [...proxies].flatMap(([id, { connections }]) => (connections ? [[id, { ...connections }] as const] : [])),
      ),
    async begin({ fault, links: held, effect }) {
      await Promise.all(held.map((link) => proxyOf(link.id).begin(fault, effect)));
    },
    async end({ fault, links: held }) {
      await Promise.all(held.map((link) => proxyOf(link.id).end(fault)));
    },
    watch(onExchange) {
      watcher = onExchange;
    },
    close,
  };
};
