import type { Fault, FaultEffect } from '../../faults/kind.ts';
import { latency } from '../toxics/latency.ts';
import { resetPeer } from '../toxics/reset-peer.ts';
import { timeout } from '../toxics/timeout.ts';
import type { Toxic } from '../toxics/toxic.ts';
import { openProxy, toToxics } from './fronted-link.ts';
import type { LinkProxy, LinkProxyOptions } from './link-proxy.ts';

const HOST = '127.0.0.1';

/** What a connection meets that is neither refused nor served, in terms of toxics. */
const STATES: Readonly<Record<'reset' | 'blackhole', (name: string) => readonly Toxic[]>> = {
  reset: (name) => [
    { name: `${name}/reset`, kind: resetPeer, stream: 'downstream', toxicity: 1, attributes: resetPeer.attributes.parse({}) },
  ],
  blackhole: (name) =>
    (['upstream', 'downstream'] as const).map((stream) => ({
      name: `${name}/${stream}`,
      kind: timeout,
      stream,
      toxicity: 1,
      attributes: timeout.attributes.parse({}),
    })),
};

/**
 * A link to something that speaks a protocol of its own: its bytes can be delayed, swallowed or cut, and nothing that needs a request can be
 * done to it.
 *
 *     caller ──► TCP proxy with the round trip and toxics ──► upstream
 */
export const createTcpLink = async (options: LinkProxyOptions): Promise<LinkProxy> => {
  const { link, upstreamOrigin, onBroken } = options;
  const { protocol, port } = new URL(upstreamOrigin);
  const front = await openProxy(options, Number(port));
  const held = new Map<string, { readonly toxics: readonly Toxic[]; readonly isRefusing: boolean }>();
  const roundTrip: readonly Toxic[] =
    link.rttMs > 0
      ? [
          {
            name: 'round trip',
            kind: latency,
            stream: 'downstream',
            toxicity: 1,
            attributes: latency.attributes.parse({ latency: Math.round(link.rttMs), jitter: 0 }),
          },
        ]
      : [];

  const apply = async () => {
    front.setToxics([...roundTrip, ...[...held.values()].flatMap(({ toxics }) => toxics)]);
    if ([...held.values()].some(({ isRefusing }) => isRefusing)) return front.disable('reset');
    await front.enable().catch((error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message;
      onBroken(`link ${link.id} can't listen again on port ${front.address.port}, another process has it (${why})`);
    });
  };
  const toxicsOf = (fault: Fault, effect: FaultEffect): readonly Toxic[] => {
    const state = effect.connection?.(link);
    const byState = state === 'reset' || state === 'blackhole' ? STATES[state](fault.name) : [];
    return [...byState, ...toToxics(fault, effect, link)];
  };
  await apply();

  return {
    link,
    origin: `${protocol}//${HOST}:${front.address.port}`,
    async begin(fault, effect) {
      held.set(fault.name, { toxics: toxicsOf(fault, effect), isRefusing: effect.connection?.(link) === 'refuse' });
      await apply();
    },
    async end(fault) {
      held.delete(fault.name);
      await apply();
    },
    close: () => front.close(),
  };
};
