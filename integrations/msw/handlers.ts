import { type HttpHandler, http } from 'msw';
import { NetworkError, networkErrorResponse } from './network-error.ts';
import type { OpenEndpoint } from './open-clouds.ts';
import { isAnsweredBy, routeAmong } from './routes.ts';

/**
 * The URL that a request was sent to. A client that joins an origin with a path carelessly sends `//latest/meta-data`, as AWS's client of
 * instance metadata does, and msw takes the first segment for the host: then the host's header tells.
 */
const trueUrl = ({ url, headers }: Request): URL => {
  const parsed = new URL(url);
  const named = headers.get('host');
  if (named === null || named === parsed.host || parsed.hostname.includes('.') || parsed.hostname === 'localhost') return parsed;
  return new URL(`${parsed.protocol}//${named}//${parsed.host}${parsed.pathname}${parsed.search}`);
};

/** As it comes over a network: to the URL that was meant, and with the header of the host, which `fetch` leaves out and signatures are over. */
const asSent = (request: Request): Request => {
  const url = trueUrl(request);
  if (url.href === request.url && request.headers.has('host')) return request;
  const headers = new Headers(request.headers);
  headers.set('host', url.host);
  return new Request(url, new Request(request, { headers }));
};

/**
 * The response made anew from its parts. msw writes to Node's clients what it has seen being put into headers, and it does not see what
 * `Response.json` puts there.
 */
const remade = ({ body, status, statusText, headers }: Response): Response =>
  new Response(body, { status, statusText, headers: [...headers] });

const respond = async (endpoint: OpenEndpoint, request: Request): Promise<Response> => {
  try {
    return remade(await endpoint.send(asSent(request)));
  } catch (error) {
    if (error instanceof NetworkError) return networkErrorResponse(request, error.failure);
    throw error;
  }
};

/** Of the names the one that the host is called by, or that it is below, as an S3 bucket is; the longest, where there are several. */
const nameOf = (hostname: string, names: readonly string[]): string | undefined =>
  names.filter((name) => hostname === name || hostname.endsWith(`.${name}`)).sort((a, b) => b.length - a.length)[0];

/**
 * A handler for each host name of the endpoints, whatever the port.
 * @param hosts all of them
 * @param endpointsAt those that stand at a host now
 */
export const createHandlers = (
  hosts: readonly string[],
  endpointsAt: (host: string) => readonly OpenEndpoint[],
): readonly HttpHandler[] => {
  /** Decided before a handler takes the request: one that takes it and gives no answer lets it out to the network. */
  const destinationOf = (host: string, request: Request): OpenEndpoint | undefined => {
    const url = trueUrl(request);
    if (nameOf(url.hostname, hosts) !== host) return undefined;
    const path = url.pathname.replace(/^\/+/, '/');
    const answering = endpointsAt(host).filter(({ spec }) => isAnsweredBy(spec, host, request.method, path));
    return routeAmong(answering, request.method, path);
  };
  return hosts.map((host) =>
    http.all(
      ({ request }) => destinationOf(host, request) !== undefined,
      async ({ request }) => {
        const endpoint = destinationOf(host, request);
        return endpoint && respond(endpoint, request);
      },
    ),
  );
};
