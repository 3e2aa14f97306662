import type { Fault, FaultEffect } from '../../faults/kind.ts';
import { openOnPort } from '../ports.ts';
import { createAlarms } from '../tcp/alarms.ts';
import { createTcpProxy, dialTo, type TcpProxy } from '../tcp/tcp-proxy.ts';
import { toxicKinds } from '../toxics/index.ts';
import type { Toxic } from '../toxics/toxic.ts';
import { createLinkProxy, type LinkProxy, type LinkProxyOptions } from './link-proxy.ts';

const HOST = '127.0.0.1';

/** A proxy before a port of loopback. Rejects with a SquallError `PORT_IN_USE` when no port is free. */
export const openProxy = (
  { link, seed, port, listenHosts = [], onBroken }: LinkProxyOptions,
  target: number,
): Promise<TcpProxy> => {
  const dial = dialTo({ host: HOST, port: target });
  const onError = (error: Error) => onBroken(`link ${link.id} can't accept connections: ${error.message}`);
  const alarms = createAlarms();
  return openOnPort(port, (one) =>
    createTcpProxy({ listen: { host: HOST, port: one }, alsoAt: listenHosts, dial, seed, alarms, onError }),
  );
};

/** What a fault does to the bytes of a link. */
export const toToxics = ({ name, probability }: Fault, effect: FaultEffect, link: LinkProxy['link']): readonly Toxic[] =>
  (effect.toxics?.(link) ?? []).map(({ type, stream, attributes }, index) => {
    const kind = toxicKinds.get(type)!;
    return { name: `${name}/${index}`, kind, stream, toxicity: probability, attributes: kind.attributes.parse(attributes) };
  });

/**
 * A link whose bytes can be touched as well as its requests: a TCP proxy stands before it.
 *
 *     caller ──► TCP proxy with toxics ──► link proxy ──► emulator
 *
 * It takes a connection more, which a link without such faults does not pay for.
 */
export const createFrontedLink = async (options: LinkProxyOptions): Promise<LinkProxy> => {
  const { port: _port, listenHosts: _hosts, ...inner } = options;
  const proxy = await createLinkProxy(inner);
  const { protocol, port: innerPort } = new URL(proxy.origin);
  const front = await openProxy(options, Number(innerPort)).catch(async (error: unknown) => {
    await proxy.close();
    throw error;
  });
  const held = new Map<string, { readonly toxics: readonly Toxic[]; readonly isRefusing: boolean }>();

  const applyToxics = () => front.setToxics([...held.values()].flatMap(({ toxics }) => toxics));
  const applyState = async () => {
    if ([...held.values()].some((one) => one.isRefusing)) {
      await front.disable('reset');
      return;
    }
    await front.enable().catch((error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message;
      options.onBroken(
        `link ${options.link.id} can't listen again on port ${front.address.port} after its fault, another process has it (${why})`,
      );
    });
  };

  return {
    link: options.link,
    origin: `${protocol}//${HOST}:${front.address.port}`,
    ...(proxy.connections ? { connections: proxy.connections } : {}),
    async begin(fault, effect) {
      held.set(fault.name, {
        toxics: toToxics(fault, effect, options.link),
        isRefusing: effect.connection?.(options.link) === 'refuse',
      });
      applyToxics();
      await Promise.all([applyState(), proxy.begin(fault, effect)]);
    },
    async end(fault) {
      held.delete(fault.name);
      applyToxics();
      // Callers are let in to a link that serves.
      await proxy.end(fault);
      await applyState();
    },
    async close() {
      await front.close();
      await proxy.close();
    },
  };
};
