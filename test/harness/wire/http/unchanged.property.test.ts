import { createHash } from 'node:crypto';
import { request as request1 } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect2, proxyHttp1, proxyHttp2 } from '../../../support/http-proxy.ts';

const digestOf = (bytes: Iterable<Uint8Array>): string => {
  const digest = createHash('sha256');
  for (const one of bytes) digest.update(one);
  return digest.digest('hex');
};

/** What is asked, and what the upstream is to answer: it comes along as JSON in a header. */
const plan = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
  path: fc.webPath().map((path) => `/${path.replace(/^\/+/, '')}`),
  headers: fc.uniqueArray(
    fc.tuple(
      fc.stringMatching(/^[a-z]{1,8}$/).map((name) => `x-${name}`),
      fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/),
    ),
    { maxLength: 8, selector: ([name]) => name },
  ),
  body: fc.array(fc.uint8Array({ maxLength: 40_000, size: 'max' }), { maxLength: 4 }),
  answer: fc.record({
    status: fc.constantFrom(200, 201, 204, 304, 404, 500, 503),
    chunkBytes: fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 4 }),
    trailers: fc.uniqueArray(
      fc.tuple(
        fc.stringMatching(/^[a-z]{1,8}$/).map((name) => `t-${name}`),
        fc.stringMatching(/^[!-~]{0,20}$/),
      ),
      { maxLength: 3, selector: ([name]) => name },
    ),
  }),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

const BODYLESS = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);
const bodyOf = ({ method, body }: Plan): readonly Uint8Array[] => (BODYLESS.has(method) ? [] : body);
const has = ({ method, answer }: Plan): boolean => method !== 'HEAD' && answer.status !== 204 && answer.status !== 304;

/** Dates come from the clock. */
const undated = (raw: readonly string[]): string[] =>
  raw.flatMap((name, at) => (at % 2 === 0 && name.toLowerCase() !== 'date' ? [`${name}: ${raw[at + 1]}`] : []));

interface Seen {
  readonly asked: readonly string[];
  readonly askedDigest: string;
  readonly answered: readonly string[];
  readonly answeredDigest: string;
  readonly trailers: readonly string[];
  readonly status: unknown;
}

/** What the upstream saw, by the number of the request. */
type Log = Map<string, Pick<Seen, 'asked' | 'askedDigest'>>;

const exchange1 = (port: number, host: string, id: string, asked: Plan, log: Log): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const headers = ['Host', host, 'X-Plan', JSON.stringify(asked.answer), 'X-Id', id, ...asked.headers.flat()];
    const sent = request1(
      { port, host: '127.0.0.1', method: asked.method, path: asked.path, headers, agent: false },
      async (answer) => {
        const parts: Buffer[] = [];
        for await (const part of answer) parts.push(part);
        resolve({
          ...log.get(id)!,
          answered: undated(answer.rawHeaders),
          answeredDigest: digestOf(parts),
          trailers: undated(answer.rawTrailers),
          status: answer.statusCode,
        });
      },
    );
    sent.on('error', reject);
    for (const part of bodyOf(asked)) sent.write(part);
    sent.end();
  });

const exchange2 = (session: ReturnType<typeof connect2>, id: string, asked: Plan, log: Log): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const pseudo = [':method', asked.method, ':path', asked.path, ':scheme', 'http', ':authority', 'models.example'];
    const parts = bodyOf(asked);
    const stream = session.request([...pseudo, 'x-plan', JSON.stringify(asked.answer), 'x-id', id, ...asked.headers.flat()], {
      endStream: parts.length === 0,
    });
    const got: Buffer[] = [];
    let answered: string[] = [];
    let trailers: string[] = [];
    let status: unknown;
    stream.on('response', (headers, _flags, raw) => {
      answered = undated(raw);
      status = headers[':status'];
    });
    stream.on('trailers', (_headers, _flags, raw) => {
      trailers = undated(raw);
    });
    stream.on('data', (part: Buffer) => got.push(part));
    stream.on('error', reject);
    stream.on('close', () => resolve({ ...log.get(id)!, answered, answeredDigest: digestOf(got), trailers, status }));
    for (const part of parts) stream.write(part);
    if (parts.length > 0) stream.end();
  });

describe('whatever is asked and answered, without a fault it is the same through the proxy as without it', () => {
  it('over HTTP/1.1', async () => {
    const log: Log = new Map();
    await using wire = await proxyHttp1(async (incoming, response) => {
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part);
      log.set(String(incoming.headers['x-id']), {
        asked: [`${incoming.method} ${incoming.url}`, ...undated(incoming.rawHeaders)],
        askedDigest: digestOf(parts),
      });
      const { status, chunkBytes, trailers } = JSON.parse(String(incoming.headers['x-plan'])) as Plan['answer'];
      const hasTrailers = trailers.length > 0 && incoming.method !== 'HEAD' && status !== 204 && status !== 304;
      response.writeHead(status, [['X-Case', 'kept'], ['x-case', 'twice'], ...(hasTrailers ? [['Trailer', 't']] : [])].flat());
      for (const bytes of chunkBytes) response.write(Buffer.alloc(bytes, bytes));
      if (hasTrailers) response.addTrailers(trailers as [string, string][]);
      response.end();
    });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(plan, async (asked) => {
        const id = String(number++);
        const direct = await exchange1(wire.upstreamPort, 'models.example', id, asked, log);
        const proxied = await exchange1(wire.port, 'models.example', id, asked, log);
        expect(proxied).toEqual(direct);
        if (has(asked)) expect(direct.trailers.length).toBe(asked.answer.trailers.length);
      }),
      { numRuns: 80 },
    );
  });

  it('over HTTP/2', async () => {
    const log: Log = new Map();
    await using wire = await proxyHttp2((stream, headers, _flags, raw) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        log.set(String(headers['x-id']), { asked: undated(raw), askedDigest: digestOf(parts) });
        const { status, chunkBytes, trailers } = JSON.parse(String(headers['x-plan'])) as Plan['answer'];
        const head = [':status', String(status), 'x-order', '2', 'x-again', '1', 'x-order', '3'];
        if (headers[':method'] === 'HEAD' || status === 204 || status === 304) {
          stream.respond(head, { endStream: true });
          return;
        }
        stream.respond(head, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers(Object.fromEntries(trailers)));
        for (const bytes of chunkBytes) stream.write(Buffer.alloc(bytes, bytes));
        stream.end();
      });
    });
    const direct = connect2(wire.upstreamPort);
    const proxied = connect2(wire.port);
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 4 }), async (plans) => {
        // Those of one run are under way at the same time, on one connection.
        const all = (session: typeof direct, base: number) =>
          Promise.all(plans.map((asked, index) => exchange2(session, String(base + index), asked, log)));
        const base = number;
        number += plans.length;
        const expected = await all(direct, base);
        const got = await all(proxied, base);
        expect(got).toEqual(expected);
        for (const [index, asked] of plans.entries()) {
          if (has(asked)) expect(expected[index]!.trailers.length).toBe(asked.answer.trailers.length);
        }
      }),
      { numRuns: 60 },
    );
    direct.close();
    proxied.close();
  });
});
