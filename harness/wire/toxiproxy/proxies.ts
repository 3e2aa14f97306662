import { proxyExists, proxyNotFound } from './api-error.ts';
import { createProxy, type NamedProxy, type ProxyTools } from './proxy.ts';
import type { ProxyChange, ProxyInput } from './proxy-input.ts';

/** How far a list of proxies came. */
export interface Populated {
  /** Those that are there, in the order of the list. */
  readonly proxies: readonly NamedProxy[];
  /** Why the next one of the list is not; those after it have not been looked at. */
  readonly error?: unknown;
}

/** Proxies by name. Changes happen one after the other, whoever asks for them. */
export interface Proxies {
  /** By name, in the order of their bytes. */
  list(): readonly NamedProxy[];
  /** @throws {ApiError} 404 */
  get(name: string): NamedProxy;
  /** Rejects with an ApiError: 409, or 500 when it can't listen; then it is not there. */
  add(input: ProxyInput): Promise<NamedProxy>;
  /** Adds those that are not there, and moves those that are there otherwise, with new toxics and counters. Others stay as they are. */
  populate(inputs: readonly ProxyInput[]): Promise<Populated>;
  /** Rejects with an ApiError. */
  update(name: string, change: ProxyChange): Promise<NamedProxy>;
  /** Rejects with an ApiError 404. */
  remove(name: string): Promise<void>;
  /** Turns every proxy on, and takes every toxic and every rule away. Rejects with an ApiError when one of them can't listen. */
  reset(): Promise<void>;
  /** Stops all of them for good. */
  close(): Promise<void>;
}

const byBytes = (left: NamedProxy, right: NamedProxy): number => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name));

export const createProxies = (tools: ProxyTools): Proxies => {
  const proxies = new Map<string, NamedProxy>();
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <Result>(change: () => Promise<Result>): Promise<Result> => {
    const done = last.then(change);
    last = done.catch(() => undefined);
    return done;
  };
  const get = (name: string): NamedProxy => {
    const proxy = proxies.get(name);
    if (!proxy) throw proxyNotFound();
    return proxy;
  };
  const list = () => [...proxies.values()].sort(byBytes);
  const put = async (input: ProxyInput): Promise<NamedProxy> => {
    const proxy = createProxy(input, tools);
    if (input.isEnabled) await proxy.start();
    proxies.set(proxy.name, proxy);
    return proxy;
  };
  const putOrKeep = async (input: ProxyInput): Promise<NamedProxy> => {
    const existing = proxies.get(input.name);
    if (!existing) return put(input);
    if (existing.protocol === input.protocol && !(await existing.differs(input.listen, input.upstream))) return existing;
    await existing.stop();
    return put(input);
  };

  return {
    list,
    get,
    add: (input) =>
      inTurn(async () => {
        if (proxies.has(input.name)) throw proxyExists();
        return put(input);
      }),
    populate: (inputs) =>
      inTurn(async () => {
        const done: NamedProxy[] = [];
        try {
          for (const input of inputs) done.push(await putOrKeep(input));
        } catch (error) {
          return { proxies: done, error };
        }
        return { proxies: done };
      }),
    update: (name, change) =>
      inTurn(async () => {
        const proxy = get(name);
        await proxy.update(change);
        return proxy;
      }),
    remove: (name) =>
      inTurn(async () => {
        await get(name).stop();
        proxies.delete(name);
      }),
    reset: () =>
      inTurn(async () => {
        for (const proxy of list()) {
          await proxy.start();
          proxy.toxics.clear();
          proxy.rules.clear();
        }
      }),
    close: () =>
      inTurn(async () => {
        await Promise.all(list().map((proxy) => proxy.stop()));
        proxies.clear();
      }),
  };
};
