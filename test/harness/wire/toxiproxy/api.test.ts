import { describe, expect, it } from 'vitest';
import { echo, hold, startUpstream, talk } from '../../../support/tcp.ts';
import { type Answer, call, type Server, startToxiproxy } from '../../../support/toxiproxy.ts';

const parse = ({ text }: Answer) => JSON.parse(text);

const ask = async ({ origin }: Server, method: string, path: string, body?: unknown): Promise<Answer> =>
  call(origin, { method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

/** A proxy before an echo: its address. */
const addEcho = async (server: Server, upstream: string, name = 'echo'): Promise<string> =>
  parse(await ask(server, 'POST', '/proxies', { name, upstream, listen: '127.0.0.1:0' })).listen;

describe('a proxy of the API', () => {
  it('carries bytes both ways', async () => {
    await using upstream = await startUpstream(echo);
    await using server = await startToxiproxy();
    expect(await talk(await addEcho(server, upstream.address), 'hello')).toBe('hello');
  });

  it('keeps its port, its toxics and its counters while it is off', async () => {
    await using upstream = await startUpstream(echo);
    await using server = await startToxiproxy();
    const listen = await addEcho(server, upstream.address);
    await talk(listen, 'hello');
    await ask(server, 'POST', '/proxies/echo/toxics', { type: 'latency' });
    expect(parse(await ask(server, 'PATCH', '/proxies/echo', { enabled: false }))).toMatchObject({ listen, enabled: false });
    await expect(talk(listen, 'hello')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const { toxics } = parse(await ask(server, 'PATCH', '/proxies/echo', { enabled: true }));
    expect(toxics).toHaveLength(1);
    expect(await talk(listen, 'hello')).toBe('hello');
    expect((await ask(server, 'GET', '/metrics')).text).toContain(
      `squall_link_connections_total{listener="${listen}",proxy="echo",upstream="${upstream.address}"} 2\n`,
    );
  });

  it('moves to another port and before another upstream, with its toxics', async () => {
    await using first = await startUpstream(echo);
    await using second = await startUpstream(
      (socket) => void socket.on('data', (bytes) => socket.write(`${bytes}`.toUpperCase())),
    );
    await using server = await startToxiproxy();
    const before = await addEcho(server, first.address);
    await ask(server, 'POST', '/proxies/echo/toxics', { type: 'latency', attributes: { latency: 1 } });
    const { listen, toxics } = parse(
      await ask(server, 'PATCH', '/proxies/echo', { listen: '127.0.0.1:0', upstream: second.address }),
    );
    expect(toxics).toHaveLength(1);
    expect(await talk(listen, 'hello')).toBe('HELLO');
    await expect(talk(before, 'hello')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await ask(server, 'GET', '/metrics')).text).toMatch(
      /squall_link_toxics_landed_total\{[^}]*toxic="latency_downstream"\} 1\n/,
    );
  });

  it('listens no more when it is deleted', async () => {
    await using upstream = await startUpstream(echo);
    await using server = await startToxiproxy();
    const listen = await addEcho(server, upstream.address);
    expect(await ask(server, 'DELETE', '/proxies/echo')).toMatchObject({ status: 204, text: '' });
    await expect(talk(listen, 'hello')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('ends connections when nobody listens at its upstream, or its upstream makes no sense', async () => {
    await using server = await startToxiproxy();
    const gone = await startUpstream(echo);
    await gone[Symbol.asyncDispose]();
    for (const [name, address] of Object.entries({ gone: gone.address, odd: 'no port', blank: '' })) {
      const listen = await addEcho(server, 'localhost:1', name);
      await ask(server, 'PATCH', `/proxies/${name}`, { listen, upstream: address });
      // It may see the end, or the reset of an end with its word unread.
      await expect(talk(listen, 'hello')).rejects.toThrow(/^the other side ended|ECONNRESET|EPIPE/);
    }
  });

  it('takes attributes that only squall has, and refuses them when they are amiss', async () => {
    await using server = await startToxiproxy();
    await addEcho(server, 'localhost:1');
    const add = (attributes: unknown) => ask(server, 'POST', '/proxies/echo/toxics', { type: 'connection_limit', attributes });
    expect(parse(await add({ connections: -1 }))).toEqual({
      error: expect.stringMatching(/^bad request body: attributes\.connections: /),
      status: 400,
    });
    expect(parse(await add({ connections: 1, excess: 'wait' })).attributes).toEqual({ connections: 1, excess: 'wait' });
  });
});

describe('calls that come at once', () => {
  it('make one proxy of a name, and the others are told', async () => {
    await using server = await startToxiproxy();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask(server, 'POST', '/proxies', { name: 'one', upstream: 'x:1', listen: '127.0.0.1:0' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  });

  it('leave a proxy in the state of the last one', async () => {
    await using server = await startToxiproxy();
    await addEcho(server, 'localhost:1');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ask(server, 'PATCH', '/proxies/echo', { enabled: index % 2 === 0 })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(parse(await ask(server, 'PATCH', '/proxies/echo', { enabled: true }))).toMatchObject({ enabled: true });
  });
});

describe('the whole server', () => {
  it('lets go of every port when it is closed, with connections open', async () => {
    await using upstream = await startUpstream(echo);
    const server = await startToxiproxy();
    const listen = await addEcho(server, upstream.address);
    const { ended } = await hold(listen);
    await server[Symbol.asyncDispose]();
    expect(await ended).toBe('end');
    await expect(talk(listen, 'hello')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(fetch(server.origin)).rejects.toThrow();
  });

  it('refuses a body that is longer than it reads', async () => {
    await using server = await startToxiproxy();
    const answer = await ask(server, 'POST', '/proxies', { name: 'x'.repeat(4 * 1024 * 1024) });
    expect(parse(answer)).toEqual({ error: 'bad request body: longer than 4194304 bytes', status: 400 });
  });
});
