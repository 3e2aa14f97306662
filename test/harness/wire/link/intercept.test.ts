import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionReset, type Exchange, type FaultEffect } from '../../../../harness/faults/kind.ts';
import { faultWith, GET, rawClient, settled, startWire } from '../../../support/wire.ts';

const answerOk = (_request: IncomingMessage, response: ServerResponse) => response.end('predicted');

/** Answers with its own name and what came from behind it. */
const stamp = (name: string): FaultEffect => ({
  intercept: async (_exchange, forward) => new Response(`${name}(${await (await forward()).text()})`),
});

const fetchText = async (wire: { readonly port: number }) => (await fetch(`http://127.0.0.1:${wire.port}/`)).text();

describe('faults that intercept', () => {
  it('stand one behind the other, the first that started next to the caller', async () => {
    await using wire = await startWire(answerOk);
    await wire.proxy.begin(faultWith({ name: 'first' }), stamp('first'));
    await wire.proxy.begin(faultWith({ name: 'second' }), stamp('second'));
    expect(await fetchText(wire)).toBe('first(second(predicted))');

    await wire.proxy.end(faultWith({ name: 'first' }));
    expect(await fetchText(wire)).toBe('second(predicted)');

    await wire.proxy.end(faultWith({ name: 'second' }));
    expect(await fetchText(wire)).toBe('predicted');
  });

  it('answer with the reason of their status, where they state none', async () => {
    await using wire = await startWire(answerOk);
    await wire.proxy.begin(faultWith(), { intercept: async () => new Response(null, { status: 503 }) });
    expect((await fetch(`http://127.0.0.1:${wire.port}/`)).statusText).toBe('Service Unavailable');
  });

  it('see the request as the caller sent it, and the provider still gets it whole', async () => {
    const seen: Record<string, string | number | null> = {};
    await using wire = await startWire(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.setHeader('x-served', `${request.method} ${request.url} ${request.headers.host}`);
      response.end(body.toUpperCase());
    });
    await wire.proxy.begin(faultWith({ forMs: 4321 }), {
      async intercept({ link, request, elapsedMs, forMs }, forward) {
        Object.assign(seen, { link: link.id, url: request.url, method: request.method, forMs, body: await request.text() });
        seen.type = request.headers.get('content-type');
        expect(elapsedMs).toBeGreaterThanOrEqual(0);
        return forward();
      },
    });
    const client = rawClient(wire.port);
    client.send('POST /x?y=1 HTTP/1.1\r\nhost: models.example\r\ncontent-type: text/csv\r\ncontent-length: 5\r\n\r\n1,2,3');
    await client.until('1,2,3'.toUpperCase());
    client.socket.destroy();

    expect(client.received()).toContain('x-served: POST /x?y=1 models.example');
    expect(seen).toEqual({
      link: 'aws/us-east-1/sagemaker-runtime',
      url: 'http://models.example/x?y=1',
      method: 'POST',
      forMs: 4321,
      body: '1,2,3',
      type: 'text/csv',
    });
  });

  it('stream the provider’s answer through', async () => {
    let finish: () => void = () => undefined;
    await using wire = await startWire((_request, response) => {
      response.write('first half');
      finish = () => response.end(', second half');
    });
    await wire.proxy.begin(faultWith(), { intercept: (_exchange, forward) => forward() });
    const client = rawClient(wire.port);
    client.send(GET);
    await client.until('first half');
    finish();
    await client.until('second half');
    client.socket.destroy();
  });

  it('reset the connection when they throw ConnectionReset', async () => {
    await using wire = await startWire(answerOk);
    await wire.proxy.begin(faultWith(), {
      async intercept() {
        throw new ConnectionReset('down');
      },
    });
    const client = rawClient(wire.port);
    client.send(GET);
    expect(await client.ended).toBe('ECONNRESET');
    expect(wire.broken).toEqual([]);
  });

  it('break the run in words when they throw anything else', async () => {
    await using wire = await startWire(answerOk);
    await wire.proxy.begin(faultWith(), {
      async intercept() {
        throw new RangeError('a bug');
      },
    });
    const client = rawClient(wire.port);
    client.send(GET);
    expect(await client.ended).toBe('ECONNRESET');
    expect(wire.broken).toEqual(['a fault failed on link aws/us-east-1/sagemaker-runtime: a bug']);
  });

  it('lose an answer: nothing comes while the fault lasts, and the connection is cut at its end', async () => {
    await using wire = await startWire(answerOk);
    await wire.proxy.begin(faultWith(), { intercept: (exchange) => exchange.lose() });
    const client = rawClient(wire.port);
    client.send(GET);
    await client.connected;
    await settled();
    expect(client.received()).toBe('');
    await wire.proxy.end(faultWith());
    expect(await client.ended).toBe('ECONNRESET');
  });

  it('hear of a caller that goes away: waiting, delayed or lost', async () => {
    const gone: string[] = [];
    const rejecting = (name: string, wait: (exchange: Exchange) => Promise<unknown>): FaultEffect => ({
      async intercept(exchange, forward) {
        await wait(exchange).catch((error: Error) => {
          gone.push(`${name}: ${error.name}`);
          throw error;
        });
        return forward();
      },
    });
    let arrivals = 0;
    await using wire = await startWire(() => {
      arrivals += 1;
    });
    for (const [name, wait] of [
      ['delayed', (exchange: Exchange) => exchange.delay(60_000)],
      ['lost', (exchange: Exchange) => exchange.lose()],
    ] as const) {
      await wire.proxy.begin(faultWith({ name }), rejecting(name, wait));
      const client = rawClient(wire.port);
      client.send(GET);
      await client.connected;
      await settled();
      client.socket.destroy();
      await expect.poll(() => gone.some((one) => one.startsWith(name))).toBe(true);
      await wire.proxy.end(faultWith({ name }));
    }
    expect(gone).toEqual(['delayed: AbortError', 'lost: AbortError']);
    expect([arrivals, wire.broken]).toEqual([0, []]);
  });
});

describe('the requests that a fault picks', () => {
  it('are those of the method, path and header, counted on the link', async () => {
    await using wire = await startWire(answerOk);
    const requests = { method: ['POST'], path: '/endpoints/*', header: { 'x-tenant': 'a*' }, every: 2, first: 2 };
    await wire.proxy.begin(faultWith({ requests }), { intercept: async () => new Response('touched') });
    const send = async (method: string, path: string, tenant: string) =>
      (await fetch(`http://127.0.0.1:${wire.port}${path}`, { method, headers: { 'x-tenant': tenant } })).text();
    const matching = () => send('POST', '/endpoints/digits?x=1', 'acme');
    const answers: string[] = [];
    for (const ask of [
      matching,
      () => send('GET', '/endpoints/digits', 'acme'),
      () => send('POST', '/models', 'acme'),
      () => send('POST', '/endpoints/digits', 'bob'),
      matching,
      matching,
      matching,
      matching,
      matching,
    ]) {
      answers.push(await ask());
    }
    const [plain, touched] = ['predicted', 'touched'];
    expect(answers).toEqual([plain, plain, plain, plain, touched, plain, touched, plain, plain]);
  });
});

describe('the share of requests that a fault touches', () => {
  const touched = async (seed: number, probability: number, requests: number) => {
    await using wire = await startWire(answerOk, { seed });
    await wire.proxy.begin(faultWith({ probability }), { intercept: async () => new Response('touched') });
    const answers: string[] = [];
    for (let i = 0; i < requests; i++) answers.push(await fetchText(wire));
    return answers.map((answer) => (answer === 'touched' ? 'X' : '.')).join('');
  };

  it('is the probability, nearly', async () => {
    const hits = [...(await touched(7, 0.3, 400))].filter((mark) => mark === 'X').length;
    // Three standard deviations of a binomial draw: 0.3 x 400 +- 3 x sqrt(400 x 0.3 x 0.7).
    expect(hits).toBeGreaterThan(92);
    expect(hits).toBeLessThan(148);
  });

  it('is drawn from the seed: the same for the same, another for another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const first = await touched(seed, 0.5, 24);
        expect(await touched(seed, 0.5, 24)).toBe(first);
        expect(await touched(seed + 1, 0.5, 24)).not.toBe(first);
      }),
      { numRuns: 5 },
    );
  });

  it('is everything at 1 and nothing at 0', async () => {
    expect(await touched(1, 1, 20)).toBe('X'.repeat(20));
    expect(await touched(1, 0, 20)).toBe('.'.repeat(20));
  });
});
