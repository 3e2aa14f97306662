import { createServer, type IncomingMessage, type RequestListener, type RequestOptions, request } from 'node:http';
import * as http2 from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { createHttpProxy, type HttpProxy, type HttpProxyOptions } from '../../harness/wire/http/http-proxy.ts';
import { type HttpRule, parseHttpRules } from '../../harness/wire/http/rules/rule.ts';
import { createAlarms } from '../../harness/wire/tcp/alarms.ts';

const LOOPBACK = '127.0.0.1';

/** Rules as a control API would be sent them. Throws for what it would refuse. */
export const rulesOf = (...sources: readonly unknown[]): readonly HttpRule[] => {
  const parsed = parseHttpRules(sources);
  if (!parsed.rules) throw new Error(parsed.problems.join('\n'));
  return parsed.rules;
};

/** A rule for every request. */
export const always = (fault: { readonly type: string; readonly [setting: string]: unknown }): readonly HttpRule[] =>
  rulesOf({ fault });

export interface TestProxy {
  readonly proxy: HttpProxy;
  readonly port: number;
  /** Of what it stands before, for the same without a proxy. */
  readonly upstreamPort: number;
  [Symbol.asyncDispose](): Promise<void>;
}

export const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return (server.address() as AddressInfo).port;
};

/** A proxy before a port. */
export const proxyTo = async (
  upstreamPort: number,
  options: Partial<HttpProxyOptions> = {},
  closeUpstream: () => void = () => undefined,
): Promise<TestProxy> => {
  const proxy = await createHttpProxy({
    listen: { host: LOOPBACK, port: 0 },
    upstream: { host: LOOPBACK, port: upstreamPort },
    seed: 1,
    alarms: createAlarms(),
    ...options,
  });
  return {
    proxy,
    port: proxy.address.port,
    upstreamPort,
    async [Symbol.asyncDispose]() {
      await proxy.close();
      closeUpstream();
    },
  };
};

/** A proxy before an HTTP/1.1 server of its own. */
export const proxyHttp1 = async (listener: RequestListener, options: Partial<HttpProxyOptions> = {}): Promise<TestProxy> => {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  return proxyTo(await listening(server), options, () => {
    server.close();
    server.closeAllConnections();
  });
};

type OnStream = (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders, flags: number, raw: string[]) => void;

/** A proxy before an HTTP/2 server of its own. */
export const proxyHttp2 = async (
  onStream: OnStream,
  options: Partial<HttpProxyOptions> = {},
  serverOptions: http2.ServerOptions = {},
): Promise<TestProxy & { readonly sessions: Set<http2.ServerHttp2Session> }> => {
  const server = http2.createServer(serverOptions);
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, ...rest) => {
    stream.on('error', () => undefined);
    onStream(stream, ...rest);
  });
  const proxy = await proxyTo(await listening(server), options, () => {
    server.close();
    for (const session of sessions) session.destroy();
  });
  return { ...proxy, sessions };
};

/** What a request came to: the answer as far as it went, and the client's own error. */
export interface Outcome {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
  readonly trailers: Record<string, unknown>;
  /** E.g. `ECONNRESET`; undefined when all went well. */
  readonly error: string | undefined;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

/** Sends with Node's HTTP/1.1 client. */
export const send1 = (port: number, options: RequestOptions = {}, body = ''): Promise<Outcome> =>
  new Promise((resolve) => {
    let answer: IncomingMessage | undefined;
    let text = '';
    const finish = (error?: unknown) =>
      resolve({
        status: answer?.statusCode,
        headers: answer?.headers ?? {},
        body: text,
        trailers: answer?.trailers ?? {},
        error: error === undefined ? undefined : codeOf(error),
      });
    const sent = request({ host: LOOPBACK, port, agent: false, ...options }, (incoming) => {
      answer = incoming;
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk) => {
        text += chunk;
      });
      incoming.once('error', finish);
      incoming.once('end', () => finish());
    });
    sent.once('error', finish);
    sent.end(body);
  });

/** An HTTP/2 client session of Node's own. */
export const connect2 = (
  port: number,
  options: http2.ClientSessionOptions | http2.SecureClientSessionOptions = {},
  scheme = 'http',
): http2.ClientHttp2Session => {
  const session = http2.connect(`${scheme}://${LOOPBACK}:${port}`, options);
  session.on('error', () => undefined);
  return session;
};

/** Sends on a session of Node's HTTP/2 client. */
export const send2 = (
  session: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders = {},
  body?: string,
): Promise<Outcome> =>
  new Promise((resolve) => {
    let answer: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader = {};
    let trailers: http2.IncomingHttpHeaders = {};
    let text = '';
    let error: unknown;
    const stream = session.request(headers, { endStream: body === undefined });
    stream.setEncoding('utf8');
    stream.on('response', (headers) => {
      answer = headers;
    });
    stream.on('trailers', (headers) => {
      trailers = headers;
    });
    stream.on('data', (chunk) => {
      text += chunk;
    });
    stream.on('error', (one) => {
      error = one;
    });
    stream.on('close', () => {
      const { ':status': status, ...rest } = answer;
      // Node tells of some codes by no error.
      const failed =
        error === undefined ? (stream.rstCode === 0 ? undefined : `rst ${stream.rstCode}`) : (error as Error).message;
      resolve({ status, headers: rest, body: text, trailers, error: failed });
    });
    if (body !== undefined) stream.end(body);
  });
