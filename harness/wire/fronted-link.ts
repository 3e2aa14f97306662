import type { Fault, FaultEffect } from '../faults/kind.ts';
import { createLinkProxy, type LinkProxy, type LinkProxyOptions } from './link-proxy.ts';
import { explainPort, isTaken, noFreePort } from './port-problem.ts';
import { portCandidates, readEphemeralStart, wirePortRange } from './ports.ts';
import { type Alarms, createAlarms } from './tcp/alarms.ts';
import { createTcpProxy, dialTo, type TcpProxy } from './tcp/tcp-proxy.ts';
import { toxicKinds } from './toxics/index.ts';
import type { Toxic } from './toxics/toxic.ts';

const HOST = '127.0.0.1';

/**
 * Puts the proxy on the port asked for, or on a free one of the wire's range.
 * @throws {SquallError} `PORT_IN_USE` when there is none; `BAD_FLAG` for one that is not for this user
 */
const openProxy = async (options: LinkProxyOptions, target: number, alarms: Alarms): Promise<TcpProxy> => {
  const onError = (error: Error) => options.onBroken(`link ${options.link.id} can't accept connections: ${error.message}`);
  const shared = { dial: dialTo({ host: HOST, port: target }), seed: options.seed, alarms, onError };
  const { port: wanted } = options;
  if (wanted !== undefined) {
    return createTcpProxy({ ...shared, listen: { host: HOST, port: wanted } }).catch((error: unknown) => {
      throw explainPort(error, wanted);
    });
  }
  const range = wirePortRange(readEphemeralStart());
  for (const port of portCandidates(range)) {
    try {
      return await createTcpProxy({ ...shared, listen: { host: HOST, port } });
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw noFreePort(range);
};

const toToxics = ({ name, probability }: Fault, effect: FaultEffect, link: LinkProxy['link']): readonly Toxic[] =>
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
  const { port: _port, ...inner } = options;
  const proxy = await createLinkProxy(inner);
  const { protocol, port: innerPort } = new URL(proxy.origin);
  const front = await openProxy(options, Number(innerPort), createAlarms()).catch(async (error: unknown) => {
    await proxy.close();
    throw error;
  });
  const held = new Map<string, { readonly toxics: readonly Toxic[]; readonly isRefusing: boolean }>();

  const apply = async () => {
    front.setToxics([...held.values()].flatMap(({ toxics }) => toxics));
    const isRefusing = [...held.values()].some((one) => one.isRefusing);
    if (isRefusing === !front.isEnabled) return;
    if (isRefusing) await front.disable();
    else {
      await front.enable().catch((error: NodeJS.ErrnoException) => {
        const why = error.code ?? error.message;
        options.onBroken(
          `link ${options.link.id} can't listen again on port ${front.address.port} after its fault, another process has it (${why})`,
        );
      });
    }
  };

  return {
    link: options.link,
    origin: `${protocol}//${HOST}:${front.address.port}`,
    async begin(fault, effect) {
      held.set(fault.name, {
        toxics: toToxics(fault, effect, options.link),
        isRefusing: effect.connection?.(options.link) === 'refuse',
      });
      await apply();
      await proxy.begin(fault, effect);
    },
    async end(fault) {
      held.delete(fault.name);
      await proxy.end(fault);
      await apply();
    },
    async close() {
      await front.close();
      await proxy.close();
    },
  };
};
