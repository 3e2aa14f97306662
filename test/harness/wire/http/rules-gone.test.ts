import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { always, connect2, proxyHttp1, proxyHttp2, rulesOf, send1, send2, type TestProxy } from '../../../support/http-proxy.ts';
import { rawClient } from '../../../support/wire.ts';

const untilLanded = async ({ proxy }: TestProxy, count = 1) => {
  while (proxy.meter.landed.size < count) await new Promise((resolve) => setImmediate(resolve));
};

/** A server whose one answer has begun with `a`, and the client that has it. */
const begunAnswer = async (wire: TestProxy) => {
  const client = rawClient(wire.port);
  client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  await client.until('1\r\na\r\n');
  return client;
};

describe('a rule that is taken away in the midst of an answer', () => {
  it.each([
    ['slow-body, whose body pauses just then', { type: 'slow-body', bytesPerSecond: 1000 }],
    ['stall, whose mark is not reached', { type: 'stall', afterBytes: 3 }],
    ['truncate, whose mark is not reached', { type: 'truncate', afterBytes: 3 }],
  ])('touches the rest of it no more: %s', async (_what, fault) => {
    let answer: ServerResponse | undefined;
    await using wire = await proxyHttp1((_incoming, response) => {
      answer = response;
      response.write('a');
    });
    wire.proxy.setRules(always(fault));
    const client = await begunAnswer(wire);
    wire.proxy.setRules([]);
    answer!.end('the rest');
    await client.until('0\r\n\r\n');
    expect(client.received()).toContain('the rest');
    client.socket.destroy();
  });
});

describe('a rule that is taken away while it holds a request back', () => {
  it('lets the request go, over HTTP/1.1', async () => {
    await using wire = await proxyHttp1((_incoming, response) => void response.end('served'));
    wire.proxy.setRules(always({ type: 'delay', latency: '1h' }));
    const sent = send1(wire.port);
    await untilLanded(wire);
    wire.proxy.setRules([]);
    expect((await sent).body).toBe('served');
  });

  it('lets the call go, over HTTP/2', async () => {
    await using wire = await proxyHttp2((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('served');
    });
    wire.proxy.setRules(always({ type: 'delay', latency: '1h' }));
    const session = connect2(wire.port);
    const sent = send2(session);
    await untilLanded(wire);
    wire.proxy.setRules([]);
    expect((await sent).body).toBe('served');
    session.close();
  });

  it('leaves the delays of rules that stay', async () => {
    await using wire = await proxyHttp1((_incoming, response) => void response.end('served'));
    const stays = { name: 'stays', fault: { type: 'delay', latency: '60ms' } };
    wire.proxy.setRules(rulesOf(stays, { name: 'goes', fault: { type: 'delay', latency: '1h' } }));
    const startedAtMs = performance.now();
    const sent = send1(wire.port);
    await untilLanded(wire, 2);
    wire.proxy.setRules(rulesOf(stays));
    expect((await sent).body).toBe('served');
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(59);
  });
});
