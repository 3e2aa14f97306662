import type { FetchHandler } from '../../../../mocks/emulator.ts';
import type { BoundFault } from '../../../faults/bind.ts';
import type { AnyLink } from '../../../topology/link.ts';
import type { ConnectionCount } from '../../../wire/link/link-proxy.ts';
import { LightRequest } from '../../fetch/request.ts';
import type { SimClock } from '../clock.ts';
import { networkErrors } from './errors.ts';
import { originsOf } from './hosts.ts';
import type { NetworkModel } from './model.ts';
import { createSimLink, type LinkObserver, type SimLink } from './sim-link.ts';

/** The network behind `fetch`: every link of the topology, and nothing else. */
export interface SimNetwork {
  readonly fetch: typeof globalThis.fetch;
  begin(bound: BoundFault): Promise<void>;
  end(bound: BoundFault): Promise<void>;
  /** What callers have made up to now, by the link's id. */
  connections(): Readonly<Record<string, ConnectionCount>>;
}

export interface SimNetworkOptions {
  readonly links: readonly { readonly link: AnyLink; readonly handler: FetchHandler }[];
  readonly seed: number;
  readonly clock: SimClock;
  readonly model: NetworkModel;
  readonly overheadMs: number;
  readonly observer: LinkObserver;
}

const MAX_PARSED = 1024;

export const createSimNetwork = ({ links, ...shared }: SimNetworkOptions): SimNetwork => {
  const byId = new Map<string, SimLink>();
  const byOrigin = new Map<string, SimLink>();
  const strangers = new Set<string>();
  for (const { link, handler } of links) {
    const simLink = createSimLink({ link, handler, ...shared });
    byId.set(link.id, simLink);
    for (const origin of originsOf(link)) byOrigin.set(origin, simLink);
  }

  /** A stack asks for the same few addresses over and over. */
  const parsed = new Map<string, URL>();
  const parse = (url: string): URL => {
    const known = parsed.get(url) ?? new URL(url);
    if (parsed.size < MAX_PARSED) parsed.set(url, known);
    return known;
  };

  const unknownHost = (origin: URL): Promise<never> => {
    if (!strangers.has(origin.origin)) {
      strangers.add(origin.origin);
      shared.observer.onEvent(`sim: no host ${origin.hostname} in the simulated network; it has the providers' services`);
    }
    return new Promise(
      (_, reject) => void shared.clock.after(shared.model.dnsMs, () => reject(networkErrors.noName(origin, 'not-found'))),
    );
  };

  return {
    async fetch(input: unknown, init?: RequestInit) {
      const request = new LightRequest(input, init);
      request.givenSignal?.throwIfAborted();
      const origin = parse(request.url);
      const found = byOrigin.get(origin.origin);
      if (!found) return unknownHost(origin);
      if (!request.headers.has('host')) request.headers.set('host', origin.host);
      request.stateLength();
      return (await found.send(request, origin)) as unknown as Response;
    },
    connections: () => Object.fromEntries([...byId].map(([id, { connections }]) => [id, { ...connections }])),
    async begin({ fault, links: held, effect }) {
      for (const link of held) byId.get(link.id)!.begin(fault, effect);
    },
    async end({ fault, links: held }) {
      for (const link of held) byId.get(link.id)!.end(fault);
    },
  };
};
