import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import fc from 'fast-check';
import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { LightResponse } from '../../../../harness/world/fetch/response.ts';
import { createLightListener } from '../../../../harness/world/live/light-listener.ts';
import type { FetchHandler } from '../../../../mocks/emulator.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const listen = (listener: RequestListener): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer(listener);
    servers.push(server);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

const light = (handler: FetchHandler): Promise<string> => listen(createLightListener(handler, 'http'));

type ResponseClass = new (body?: BodyInit | null, init?: ResponseInit) => Response;

const Light = LightResponse as unknown as ResponseClass;

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  readonly isStreamed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

const streamOf = (bytes: Uint8Array<ArrayBuffer>) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
      controller.close();
    },
  });

/** Answers as it is told to, and says what it saw. */
const mirror =
  (Class: ResponseClass, { status, body, isStreamed, headers }: Answer, saw: (seen: unknown) => void): FetchHandler =>
  async (incoming) => {
    const url = new URL(incoming.url);
    saw({
      method: incoming.method,
      path: url.pathname + url.search,
      headers: [...incoming.headers].filter(([name]) => name !== 'host'),
      body: await incoming.text(),
    });
    const whole = typeof body === 'string' && isStreamed ? streamOf(new TextEncoder().encode(body)) : body;
    return new Class(whole, { status, headers: { ...headers } });
  };

const exchange = async (origin: string, path: string, method: string, headers: Record<string, string>, body: string) => {
  const response = await request(`${origin}${path}`, { method: method as 'GET', headers, ...(method === 'GET' ? {} : { body }) });
  const { date, 'keep-alive': _keepAlive, connection: _connection, ...kept } = response.headers;
  // hono names a type, text, where the handler named none.
  kept['content-type'] = String(kept['content-type'] ?? 'text/plain').replace(/; ?charset=UTF-8$/i, '');
  return { status: response.statusCode, headers: kept, isDated: date !== undefined, body: await response.body.text() };
};

const names = fc.constantFrom('x-a', 'x-b', 'etag', 'content-type', 'accept');
const values = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
const headers = fc.dictionary(names, values, { maxKeys: 4 });
const answers: fc.Arbitrary<Answer> = fc.record({
  status: fc.constantFrom(200, 201, 400, 404, 429, 503),
  body: fc.oneof(fc.string(), fc.constant('x'.repeat(70_000)), fc.constant(null)),
  isStreamed: fc.boolean(),
  headers,
});
const paths = fc.webPath().map((path) => `/${path.replace(/^\/+/, '')}`);

describe('the light listener', () => {
  test("gives handlers and callers what hono's listener gives them over Node's own classes", async () => {
    await fc.assert(
      fc.asyncProperty(
        answers,
        paths,
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
        headers,
        fc.string(),
        async (answer, path, method, sent, body) => {
          const seen: unknown[] = [];
          const saw = (one: unknown) => void seen.push(one);
          const origins = [
            await listen(getRequestListener(mirror(Response, answer, saw), { overrideGlobalObjects: false })),
            await light(mirror(Light, answer, saw)),
          ];
          const [native, own] = [
            await exchange(origins[0]!, path, method, sent, body),
            await exchange(origins[1]!, path, method, sent, body),
          ];
          expect(seen[1]).toEqual(seen[0]);
          // How the end of a body is told is the server's own affair.
          const { 'transfer-encoding': _chunked, 'content-length': length, ...kept } = own.headers;
          const { 'transfer-encoding': _nativeChunked, 'content-length': _nativeLength, ...nativeKept } = native.headers;
          expect({ ...own, headers: kept }).toEqual({ ...native, headers: nativeKept });
          if (length !== undefined) expect(Number(length)).toBe(Buffer.byteLength(own.body));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a piece of a stream arrives before the next one is there', async () => {
    const second = Promise.withResolvers<void>();
    const origin = await light(async () => {
      const body = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('first'));
          await second.promise;
          controller.enqueue(new TextEncoder().encode('second'));
          controller.close();
        },
      });
      return new Light(body);
    });
    const response = await request(origin);
    const pieces: string[] = [];
    for await (const piece of response.body) {
      pieces.push(String(piece));
      second.resolve();
    }
    expect(pieces).toEqual(['first', 'second']);
  });

  test('a caller who goes away aborts the request, and the stream of its answer', async () => {
    const aborted = Promise.withResolvers<void>();
    const cancelled = Promise.withResolvers<void>();
    const origin = await light(async ({ signal }) => {
      signal.addEventListener('abort', () => aborted.resolve());
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
        cancel: () => cancelled.resolve(),
      });
      return new Light(body);
    });
    const response = await request(origin);
    response.body.on('error', () => undefined);
    response.body.once('data', () => response.body.destroy());
    await Promise.all([aborted.promise, cancelled.promise]);
  });

  test('a caller who goes away before the answer is there aborts the request', async () => {
    const aborted = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const origin = await light(
      ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted.resolve();
            resolve(new Light('too late'));
          });
          asked.resolve();
        }),
    );
    const controller = new AbortController();
    const failed = request(origin, { signal: controller.signal }).catch((error: Error) => error.name);
    await asked.promise;
    controller.abort();
    await aborted.promise;
    expect(await failed).toBe('AbortError');
  });

  test('an answered request is not aborted by the end of its connection', async () => {
    let isAborted = false;
    const origin = await light(async ({ signal }) => {
      signal.addEventListener('abort', () => {
        isAborted = true;
      });
      return new Light('fine');
    });
    const response = await request(origin, { reset: true });
    expect(await response.body.text()).toBe('fine');
    await new Promise((resolve) => servers[0]!.close(resolve));
    expect(isAborted).toBe(false);
  });

  test.each([
    ['of a stated length', { 'content-length': String(3 * 1024 * 1024) }],
    ['in chunks', {}],
  ])('a large body %s arrives whole', async (_how, sent) => {
    const body = Buffer.alloc(3 * 1024 * 1024, 'abc');
    const origin = await light(async (incoming) => {
      const bytes = new Uint8Array(await incoming.arrayBuffer());
      return new Light(String(Buffer.compare(bytes, body)));
    });
    const chunks = (async function* () {
      for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
    })();
    const response = await request(origin, { method: 'PUT', headers: sent, body: chunks as never });
    expect(await response.body.text()).toBe('0');
  });

  test('a handler that falls over answers 500, and leaves the server up', async () => {
    let calls = 0;
    const origin = await light(async () => {
      calls += 1;
      if (calls === 1) throw new Error('a mistake');
      return new Light('fine');
    });
    expect((await request(origin)).statusCode).toBe(500);
    expect((await request(origin)).statusCode).toBe(200);
  });

  test('HEAD gets the headers, and no body', async () => {
    const origin = await light(async () => new Light('a body', { headers: { 'x-a': '1' } }));
    const response = await request(origin, { method: 'HEAD' });
    expect(response.headers['x-a']).toBe('1');
    expect(await response.body.text()).toBe('');
  });

  test('every cookie has a line of its own', async () => {
    const origin = await light(async () => {
      const response = new Light('fine');
      response.headers.append('set-cookie', 'a=1');
      response.headers.append('set-cookie', 'b=2');
      return response;
    });
    expect((await request(origin)).headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  test('a host that is none is refused with 400', async () => {
    const origin = await light(async () => new Light('fine'));
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nHost: a b\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('dots in a path are resolved before the handler sees them', async () => {
    const origin = await light(async (incoming) => new Light(new URL(incoming.url).pathname));
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.end('GET /a/../b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/\r\n\r\n\/b$/);
  });
});
