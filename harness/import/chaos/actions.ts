import { isRecord, type JsonRecord } from '../records.ts';
import type { ProxyTimeline } from './proxies.ts';
import { readToxic } from './toxics.ts';

/** Where an action is carried out. */
export interface ActionContext {
  readonly proxies: ProxyTimeline;
  /** Hosts behind proxies, as far as the experiment says. */
  readonly hosts: Record<string, string | null>;
  readonly atMs: number;
  /** Where it stands in the experiment, for the scenario's comments. */
  readonly because: string;
}

/** Does it; a text says what is not imported of it, or to be known. */
type Act = (args: JsonRecord, context: ActionContext) => string | undefined;

const textOf = (args: JsonRecord, name: string): string =>
  typeof args[name] === 'string' ? args[name] : String(args[name] ?? '');

const create =
  (type: string, names: readonly (readonly [argument: string, attribute: string])[]): Act =>
  (args, { proxies, atMs, because }) => {
    const attributes = Object.fromEntries(
      names.flatMap(([argument, attribute]) => (args[argument] === undefined ? [] : [[attribute, args[argument]]])),
    );
    const toxic = readToxic({ name: args.toxic_name, type, attributes });
    return typeof toxic === 'string' ? toxic : proxies.add(textOf(args, 'for_proxy'), toxic, atMs, because);
  };

const createAny: Act = (args, { proxies, atMs, because }) => {
  const { toxic_name: name, toxic_type: type, stream, toxicity, attributes } = args;
  const toxic = readToxic({
    name,
    type,
    ...(stream === undefined ? {} : { stream }),
    ...(toxicity === undefined ? {} : { toxicity }),
    attributes: attributes ?? {},
  });
  return typeof toxic === 'string' ? toxic : proxies.add(textOf(args, 'for_proxy'), toxic, atMs, because);
};

const remove: Act = (args, { proxies, atMs }) =>
  proxies.remove(textOf(args, 'for_proxy'), textOf(args, 'toxic_name'), atMs)
    ? undefined
    : `nothing is on proxy ${textOf(args, 'for_proxy')} by the name ${textOf(args, 'toxic_name')}`;

const setEnabled =
  (isEnabled: boolean): Act =>
  (args, { proxies, atMs, because }) => {
    proxies.setEnabled(textOf(args, 'proxy_name'), isEnabled, atMs, because);
    return undefined;
  };

const modify: Act = (args, context) => {
  if (typeof args.enabled === 'boolean') setEnabled(args.enabled)(args, context);
  return args.upstream_address === undefined && args.listen_address === undefined
    ? undefined
    : 'a link has no other address to go to';
};

const createProxy: Act = (args, context) => {
  context.hosts[textOf(args, 'proxy_name')] = typeof args.upstream_host === 'string' ? args.upstream_host : null;
  if (args.enabled === false) setEnabled(false)(args, context);
  return undefined;
};

/**
 * The actions of chaostoolkit-toxiproxy: github.com/chaostoolkit-incubator/chaostoolkit-toxiproxy, chaostoxi/toxic/actions.py and
 * chaostoxi/proxy/actions.py (read 2026-11-27), the misspelt `bandwith` too. A proxy that is deleted takes no connections.
 */
export const toxiActions: Readonly<Record<string, Act>> = {
  'chaostoxi.toxic.actions.create_toxic': createAny,
  'chaostoxi.toxic.actions.create_latency_toxic': create('latency', [
    ['latency', 'latency'],
    ['jitter', 'jitter'],
  ]),
  'chaostoxi.toxic.actions.create_bandwith_degradation_toxic': create('bandwidth', [['rate', 'rate']]),
  'chaostoxi.toxic.actions.create_slow_connection_close_toxic': create('slow_close', [['delay', 'delay']]),
  'chaostoxi.toxic.actions.create_timeout_toxic': create('timeout', [['timeout', 'timeout']]),
  'chaostoxi.toxic.actions.create_slicer_toxic': create('slicer', [
    ['average_size', 'average_size'],
    ['size_variation', 'size_variation'],
    ['delay', 'delay'],
  ]),
  'chaostoxi.toxic.actions.create_limiter_toxic': create('limit_data', [['bytes_limit', 'bytes']]),
  'chaostoxi.toxic.actions.delete_toxic': remove,
  'chaostoxi.proxy.actions.create_proxy': createProxy,
  'chaostoxi.proxy.actions.disable_proxy': setEnabled(false),
  'chaostoxi.proxy.actions.enable_proxy': setEnabled(true),
  'chaostoxi.proxy.actions.modify_proxy': modify,
  'chaostoxi.proxy.actions.delete_proxy': setEnabled(false),
};

const PATH = /^\/(?:proxies\/([^/]+)(?:\/(toxics)(?:\/([^/]+))?)?|(reset))$/;

/** Toxiproxy's own API, called by an action of type http; undefined for any other URL. */
export const toxiproxyCall = (
  provider: JsonRecord,
  { proxies, atMs, because }: ActionContext,
): { readonly why: string | undefined } | undefined => {
  const url = typeof provider.url === 'string' && URL.canParse(provider.url) ? new URL(provider.url) : undefined;
  const [, proxy, toxics, toxicName, reset] = PATH.exec(url?.pathname ?? '') ?? [];
  const method = String(provider.method ?? 'GET').toUpperCase();
  const body = isRecord(provider.arguments) ? provider.arguments : {};
  if (reset) {
    proxies.reset(atMs);
    return { why: undefined };
  }
  if (proxy === undefined) return undefined;
  if (toxics && method === 'DELETE' && toxicName !== undefined) {
    return { why: proxies.remove(proxy, toxicName, atMs) ? undefined : `nothing is on proxy ${proxy} by the name ${toxicName}` };
  }
  if (toxics && method === 'POST' && toxicName === undefined) {
    const toxic = readToxic(body);
    return { why: typeof toxic === 'string' ? toxic : proxies.add(proxy, toxic, atMs, because) };
  }
  if (!toxics && (method === 'POST' || method === 'PATCH') && typeof body.enabled === 'boolean') {
    proxies.setEnabled(proxy, body.enabled, atMs, because);
    return { why: undefined };
  }
  return undefined;
};
