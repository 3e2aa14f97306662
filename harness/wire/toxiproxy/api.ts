import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { FetchHandler } from '../../../mocks/emulator.ts';
import { reasonToRefuse, signOfPage } from '../../web-page.ts';
import { ApiError } from './api-error.ts';
import { toJsonText } from './json-text.ts';
import { metricsOf } from './metrics.ts';
import { PROMETHEUS_CONTENT_TYPE, toPrometheusText } from './prometheus.ts';
import type { Populated, Proxies } from './proxies.ts';
import { readNewProxy, readProxies, readProxyChange } from './proxy-input.ts';
import { readBody } from './read-body.ts';

/** The Toxiproxy whose API this is: what clients ask `/version` for. */
export const TOXIPROXY_VERSION = '2.12.0';

type Handle = (context: Context) => Response | Promise<Response>;

const json = (value: unknown, status = 200): Response =>
  new Response(toJsonText(value), { status, headers: { 'content-type': 'application/json' } });

/** A text that is no answer to a success, as Go's HTTP server writes it. */
const plain = (text: string, status: number): Response =>
  new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });

const noContent = () => new Response(null, { status: 204 });

/** Where a path with a slash too many leads, as of a client that was told of `http://localhost:8474/`. */
const cleanPath = ({ url }: Request): Response | undefined => {
  const { pathname, search } = new URL(url);
  if (!pathname.includes('//')) return undefined;
  return new Response(null, { status: 301, headers: { location: `${pathname.replace(/\/{2,}/g, '/')}${search}` } });
};

/** The fields of an error's answer. */
const errorBody = (error: unknown) =>
  error instanceof ApiError
    ? { error: error.message, status: error.status }
    : { error: `internal error: ${(error as Error).message}`, status: 500 };

/**
 * Pages that a browser shows can reach loopback: none of them is to have a hand in this. Toxiproxy looks at the User-Agent alone, which a
 * page can set in Firefox, under a host name of its own that leads here.
 */
const isOfPage = (request: Request, isLoopback: boolean): boolean =>
  (isLoopback ? reasonToRefuse(request) : signOfPage(request)) !== null;

const answer = async (context: Context, handle: Handle, isLoopback: boolean): Promise<Response> => {
  if (isOfPage(context.req.raw, isLoopback)) return plain('User agent not allowed', 403);
  try {
    return await handle(context);
  } catch (error) {
    return problem(error);
  }
};

const problem = (error: unknown): Response => {
  const body = errorBody(error);
  return plain(toJsonText(body), body.status);
};

export interface ToxiproxyApiOptions {
  /** It listens where this machine's programs alone can reach it: they name it by a name of loopback. */
  readonly isLoopback?: boolean;
}

/**
 * Toxiproxy's HTTP API over proxies (docs/wire.md). Status, bodies and error texts are those of Toxiproxy 2.12.0, read in its source and
 * held to the real server by test/harness/wire/toxiproxy/conformance.test.ts.
 */
export const createToxiproxyApi = (proxies: Proxies, { isLoopback = false }: ToxiproxyApiOptions = {}): FetchHandler => {
  const api = new Hono();
  api.notFound(() => plain('404 page not found', 404));

  const proxyOf = ({ req }: Context) => proxies.get(req.param('proxy')!);
  const toxicOf = ({ req }: Context) => req.param('toxic')!;

  const routes: readonly (readonly [path: string, handlers: Readonly<Record<string, Handle>>])[] = [
    ['/reset', { POST: async () => proxies.reset().then(noContent) }],
    [
      '/proxies',
      {
        GET: () => json(Object.fromEntries(proxies.list().map((proxy) => [proxy.name, proxy.view()]))),
        POST: async ({ req }) => json((await proxies.add(readNewProxy(await readBody(req.raw)))).view(), 201),
      },
    ],
    [
      '/populate',
      {
        async POST({ req }) {
          const { proxies: done, error } = await readBody(req.raw)
            .then((document) => proxies.populate(readProxies(document)))
            .catch((error: unknown): Populated => ({ proxies: [], error }));
          const failed = error === undefined ? null : errorBody(error);
          const views = done.length > 0 ? done.map((proxy) => proxy.view()) : null;
          return json({ ...failed, proxies: views }, failed?.status ?? 201);
        },
      },
    ],
    [
      '/proxies/:proxy',
      {
        GET: (context) => json(proxyOf(context).view()),
        'POST PATCH': async (context) => {
          const { name } = proxyOf(context);
          return json((await proxies.update(name, readProxyChange(await readBody(context.req.raw)))).view());
        },
        DELETE: async (context) => proxies.remove(context.req.param('proxy')!).then(noContent),
      },
    ],
    [
      '/proxies/:proxy/rules',
      {
        GET: (context) => json(proxyOf(context).rules.list()),
        PUT: async (context) => {
          const { rules } = proxyOf(context);
          rules.set(await readBody(context.req.raw));
          return json(rules.list());
        },
      },
    ],
    [
      '/proxies/:proxy/toxics',
      {
        GET: (context) => json(proxyOf(context).toxics.list()),
        POST: async (context) => {
          const { toxics } = proxyOf(context);
          return json(toxics.add(await readBody(context.req.raw)));
        },
      },
    ],
    [
      '/proxies/:proxy/toxics/:toxic',
      {
        GET: (context) => json(proxyOf(context).toxics.get(toxicOf(context))),
        'POST PATCH': async (context) => {
          const { toxics } = proxyOf(context);
          const { name } = toxics.get(toxicOf(context));
          return json(toxics.update(name, await readBody(context.req.raw)));
        },
        DELETE: (context) => {
          proxyOf(context).toxics.remove(toxicOf(context));
          return noContent();
        },
      },
    ],
    [
      '/version',
      {
        GET: () =>
          new Response(`{"version": "${TOXIPROXY_VERSION}"}\n`, {
            headers: { 'content-type': 'application/json;charset=utf-8' },
          }),
      },
    ],
    [
      '/metrics',
      {
        GET: () =>
          new Response(toPrometheusText(metricsOf(proxies.list())), { headers: { 'content-type': PROMETHEUS_CONTENT_TYPE } }),
      },
    ],
  ];

  for (const [path, handlers] of routes) {
    for (const [methods, handle] of Object.entries(handlers)) {
      api.on(methods.split(' '), path, async (context) => {
        // Hono hands HEAD to what answers GET.
        if (context.req.method === 'HEAD') return new Response(null, { status: 405 });
        const response = await answer(context, handle, isLoopback);
        response.headers.set('x-toxiproxy-request-id', randomUUID());
        return response;
      });
    }
    api.all(path, () => new Response(null, { status: 405 }));
  }
  return async (request) => cleanPath(request) ?? api.fetch(request);
};
