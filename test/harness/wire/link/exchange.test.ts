import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GET, linkWith, rawClient, settled, startUpstream, startWire } from '../../../support/wire.ts';

const collect = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** Sends chunks as the client wrote them, so that the wire sees that chunking. */
const post = (port: number, chunks: readonly Uint8Array[], headers: Record<string, string | number> = {}) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', path: '/predict', method: 'POST', headers, agent: false }, resolve);
    request.once('error', reject);
    for (const chunk of chunks) request.write(chunk);
    request.end();
  });

describe('a link without a fault', () => {
  it('passes method, path, query and headers as they came, Host included', async () => {
    let seen: IncomingMessage | undefined;
    await using wire = await startWire((request, response) => {
      seen = request;
      response.writeHead(299, 'Quite Fine', ['X-Case', 'Kept', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'Date', 'never']);
      response.end('predicted');
    });
    const client = rawClient(wire.port);
    client.send(
      'PUT /a%2Fb//c?x=1&x=%20 HTTP/1.1\r\nHost: runtime.sagemaker.us-east-1.amazonaws.com\r\nX-Amz-Date: 20260101T000000Z\r\n' +
        'X-Twice: 1\r\nx-twice: 2\r\nAuthorization: AWS4-HMAC-SHA256 Credential=\xe9\r\nContent-Length: 4\r\n\r\nbody',
    );
    await client.until('predicted');
    client.socket.destroy();

    expect(`${seen?.method} ${seen?.url}`).toBe('PUT /a%2Fb//c?x=1&x=%20');
    const pairs = seen!.rawHeaders.map((value, index) => (index % 2 ? value : value.toLowerCase())).join('\n');
    expect(pairs).toContain('host\nruntime.sagemaker.us-east-1.amazonaws.com');
    expect(pairs).toContain(
      'x-amz-date\n20260101T000000Z\nx-twice\n1\nx-twice\n2\nauthorization\nAWS4-HMAC-SHA256 Credential=\xe9',
    );
    expect(pairs).toContain('content-length\n4');
    expect(client.received()).toMatch(
      /^HTTP\/1.1 299 Quite Fine\r\nX-Case: Kept\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nDate: never\r\n/,
    );
  });

  it('preserves bodies of any size and chunking, both ways', async () => {
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    await using wire = await startWire(async (request, response) => {
      const body = await collect(request);
      response.setHeader('x-digest', digest(body));
      for (let at = 0; at < body.length; at += 10_000) response.write(body.subarray(at, at + 10_000));
      response.end();
    });
    const chunks = fc.array(fc.uint8Array({ maxLength: 70_000, size: 'max' }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.boolean(), async (parts, isAnnounced) => {
        const body = Buffer.concat(parts);
        const answer = await post(wire.port, parts, isAnnounced ? { 'content-length': body.length } : {});
        expect(answer.statusCode).toBe(200);
        expect(answer.headers['x-digest']).toBe(digest(body));
        expect(Buffer.compare(await collect(answer), body)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('streams a request on before it is complete, and an answer back before it is', async () => {
    await using wire = await startWire((request, response) => {
      request.once('data', (first: Buffer) => response.write(`got ${first}`));
      request.once('end', () => response.end('all'));
    });
    const client = rawClient(wire.port);
    client.send('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n');
    await client.until('got one');
    client.send('3\r\ntwo\r\n0\r\n\r\n');
    await client.until('all');
    client.socket.destroy();
  });

  it('answers Expect: 100-continue, HEAD and 204 as HTTP asks, and keeps the connection', async () => {
    await using wire = await startWire(async (request, response) => {
      if (request.method === 'DELETE') response.writeHead(204);
      else response.setHeader('content-length', 5);
      const body = await collect(request);
      response.end(request.method === 'POST' ? body : undefined);
    });
    const client = rawClient(wire.port);
    client.send('POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n');
    await client.until('100 Continue');
    client.send('hello');
    await client.until('hello');
    client.send('HEAD / HTTP/1.1\r\nhost: a\r\n\r\n');
    await client.until('Connection: keep-alive\r\nKeep-Alive: timeout=120\r\n\r\n');
    client.send('DELETE / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    await client.until('204 No Content');
    expect(await client.ended).toBe('end');
  });

  it('adds the round trip of the link', async () => {
    await using wire = await startWire((_request, response) => response.end('predicted'), { link: linkWith({ rttMs: 60 }) });
    const startedAtMs = performance.now();
    const client = rawClient(wire.port);
    client.send(GET);
    await client.until('predicted');
    client.socket.destroy();
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(59);
  });

  it('answers 400 to what is no HTTP', async () => {
    await using wire = await startWire((_request, response) => response.end());
    const client = rawClient(wire.port);
    client.send('this is no HTTP\r\n\r\n');
    await client.until('400 Bad Request');
    client.socket.destroy();
  });
});

describe('a caller that goes away', () => {
  it('aborts the exchange at the provider', async () => {
    let isAborted = false;
    let hasArrived = false;
    await using wire = await startWire((_request, response) => {
      hasArrived = true;
      response.once('close', () => {
        isAborted = !response.writableFinished;
      });
    });
    const client = rawClient(wire.port);
    client.send(GET);
    await expect.poll(() => hasArrived).toBe(true);

    client.socket.destroy();

    await expect.poll(() => isAborted).toBe(true);
  });

  it('is not sent to the provider when it goes away within the round trip', async () => {
    let arrivals = 0;
    await using wire = await startWire(
      (_request, response) => {
        arrivals += 1;
        response.end();
      },
      { link: linkWith({ rttMs: 50 }) },
    );
    const client = rawClient(wire.port);
    client.send(GET);
    await client.connected;
    await settled();
    client.socket.destroy();

    // A later caller has its answer when the first one's round trip is long over.
    const later = rawClient(wire.port);
    later.send(GET);
    await later.until('200 OK');
    later.socket.destroy();
    expect(arrivals).toBe(1);
  });
});

describe('a provider that fails', () => {
  it('shows as a reset connection, told once', async () => {
    const upstream = await startUpstream((request) => request.socket.destroy());
    await using wire = await startWire(() => undefined, { upstreamOrigin: upstream.origin });
    for (let i = 0; i < 2; i++) {
      const client = rawClient(wire.port);
      client.send(GET);
      expect(await client.ended).toBe('ECONNRESET');
    }
    await upstream.close();
    expect(wire.events).toEqual([expect.stringMatching(/^wire: UpstreamFailed on link aws\/us-east-1\/sagemaker-runtime: /)]);
  });
});

describe('the limits of a link', () => {
  const limits = { maxConnections: 2, maxBodyBytes: 100_000 };

  it.each([
    ['an announced body', `content-length: 100001\r\n\r\n`],
    ['a chunked body', `transfer-encoding: chunked\r\n\r\n186a1\r\n${'x'.repeat(100_001)}\r\n0\r\n\r\n`],
  ])('answers 413 with the name of the limit to %s that is too long', async (_name, rest) => {
    await using wire = await startWire(async (request, response) => response.end(await collect(request).catch(() => '')), {
      limits,
    });
    const client = rawClient(wire.port);
    client.send(`POST / HTTP/1.1\r\nhost: a\r\n${rest}`);
    await client.until('HTTP/1.1 413 ');
    await client.until('maxBodyBytes');
    client.socket.destroy();
    expect(wire.events).toEqual([expect.stringContaining('BodyTooLarge on link aws/us-east-1/sagemaker-runtime')]);
  });

  it('drops connections over the limit and says so once', async () => {
    await using wire = await startWire((_request, response) => response.end('predicted'), { limits });
    const held = [rawClient(wire.port), rawClient(wire.port)];
    await Promise.all(held.map((client) => client.connected));
    await settled();

    for (let i = 0; i < 2; i++) {
      const socket = connect(wire.port, '127.0.0.1');
      await new Promise((resolve) => socket.once('close', resolve).once('error', () => undefined));
    }

    expect(wire.events).toEqual(['wire: limit maxConnections (2) reached on link aws/us-east-1/sagemaker-runtime']);
    for (const client of held) client.socket.destroy();
  });
});
