import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocket as UndiciWebSocket } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { HttpRule } from '../../../../harness/wire/http/rules/rule.ts';
import { always, listening, proxyTo, rulesOf, type TestProxy } from '../../../support/http-proxy.ts';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Setup {
  readonly wire: TestProxy;
  readonly url: string;
  /** What the server was told. */
  readonly heard: string[];
  /** How the server saw connections end. */
  readonly serverClosed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** ws as the server: it echoes. */
const setUp = async (rules: readonly HttpRule[] = []): Promise<Setup> => {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: true });
  const heard: string[] = [];
  const ended = Promise.withResolvers<{ code: number; reason: string }>();
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (bytes, isBinary) => {
      heard.push(isBinary ? `${(bytes as Buffer).length} bytes` : String(bytes));
      socket.send(bytes, { binary: isBinary });
    });
    socket.on('close', (code, reason) => ended.resolve({ code, reason: String(reason) }));
  });
  const port = await listening(http);
  closing.push(() => {
    for (const socket of server.clients) socket.terminate();
    http.close();
  });
  const wire = await proxyTo(port, { rules });
  closing.push(() => wire[Symbol.asyncDispose]());
  return { wire, url: `ws://127.0.0.1:${wire.port}/chat`, heard, serverClosed: ended.promise };
};

const open = async (url: string) => {
  const socket = new WebSocket(url);
  const got: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('error', () => undefined);
  socket.on('message', (bytes) => {
    got.push(String(bytes));
    for (const check of waiting) check();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
  );
  await once(socket, 'open');
  /** Resolves when so many messages have come. */
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (got.length >= count) resolve();
      };
      waiting.add(check);
      check();
    });
  return { socket, got, until, closed };
};

describe('a WebSocket through the proxy', () => {
  it('passes messages of any size in both directions, pings, and the close with its code', async () => {
    const { url, heard, serverClosed } = await setUp();
    const client = await open(url);
    for (const said of ['hello', 'y'.repeat(200_000)]) client.socket.send(said);
    client.socket.send(Buffer.alloc(70_000, 7));
    await client.until(3);
    expect(heard).toEqual(['hello', 'y'.repeat(200_000), '70000 bytes']);
    client.socket.ping();
    await once(client.socket, 'pong');
    client.socket.close(4001, 'enough');
    expect(await serverClosed).toEqual({ code: 4001, reason: 'enough' });
    expect(await client.closed).toEqual({ code: 4001, reason: 'enough' });
  });

  it('is passed unchanged by a rule that never acts on it, frame by frame', async () => {
    const { url, heard } = await setUp(always({ type: 'websocket-drop', share: 0, stream: 'upstream' }));
    const client = await open(url);
    const said = [0, 1, 125, 126, 127, 65_535, 65_536, 100_000].map((length) => 'z'.repeat(length));
    for (const one of said) client.socket.send(one);
    await client.until(said.length);
    expect(heard).toEqual(said);
    client.socket.terminate();
  });

  it("closes with a code after so many messages, and undici's client sees a clean close", async () => {
    const { url, serverClosed } = await setUp(
      always({ type: 'websocket-close', afterMessages: 2, code: 1012, reason: 'restart' }),
    );
    const socket = new UndiciWebSocket(url);
    const got: unknown[] = [];
    socket.addEventListener('open', () => {
      for (const said of ['1', '2', '3']) socket.send(said);
    });
    socket.addEventListener('message', ({ data }) => got.push(data));
    const closed = await new Promise<{ code: number; reason: string; wasClean: boolean }>((resolve) =>
      socket.addEventListener('close', ({ code, reason, wasClean }) => resolve({ code, reason, wasClean })),
    );
    expect(closed).toEqual({ code: 1012, reason: 'restart', wasClean: true });
    expect(got).toEqual(['1', '2']);
    expect(await serverClosed).toEqual({ code: 1012, reason: 'restart' });
  });

  it.each(['close', 'reset'] as const)('is cut without a close frame (by %s): code 1006 at both ends', async (by) => {
    const { url, serverClosed } = await setUp(always({ type: 'websocket-cut', afterMessages: 1, by }));
    const client = await open(url);
    client.socket.send('1');
    client.socket.send('2');
    expect((await client.closed).code).toBe(1006);
    expect((await serverClosed).code).toBe(1006);
    expect(client.got.length).toBeLessThanOrEqual(1);
  });

  it('stalls towards the caller only, until the rule is taken away', async () => {
    const { url, wire, heard } = await setUp(always({ type: 'websocket-stall', afterMessages: 1 }));
    const client = await open(url);
    client.socket.send('1');
    await client.until(1);
    client.socket.send('2');
    client.socket.send('3');
    while (heard.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(client.got).toEqual(['1']);
    wire.proxy.setRules([]);
    await client.until(3);
    expect(client.got).toEqual(['1', '2', '3']);
    client.socket.terminate();
  });

  it('stalls towards the upstream for a while', async () => {
    const { url, heard } = await setUp(always({ type: 'websocket-stall', for: '80ms', stream: 'upstream' }));
    const client = await open(url);
    const startedAtMs = performance.now();
    client.socket.send('1');
    await client.until(1);
    // The stall began when the connection opened, a little before.
    expect(performance.now() - startedAtMs).toBeGreaterThan(40);
    expect(heard).toEqual(['1']);
    client.socket.terminate();
  });

  it('loses messages whole, in one direction, and those before a number not', async () => {
    const { url, heard } = await setUp(always({ type: 'websocket-drop', afterMessages: 2, stream: 'upstream' }));
    const client = await open(url);
    for (const said of ['1', '2', 'lost', 'x'.repeat(100_000)]) client.socket.send(said);
    client.socket.ping();
    await once(client.socket, 'pong');
    expect(heard).toEqual(['1', '2']);
    expect(client.got).toEqual(['1', '2']);
    client.socket.terminate();
  });

  it('loses a share of them, the same for the same seed', async () => {
    const lost = async () => {
      const { url, heard, wire } = await setUp(always({ type: 'websocket-drop', share: '50%', stream: 'upstream' }));
      const client = await open(url);
      for (let i = 0; i < 40; i++) client.socket.send(String(i));
      client.socket.ping();
      await once(client.socket, 'pong');
      client.socket.terminate();
      return { heard: [...heard], landed: wire.proxy.meter.landed.get('rule-1')! };
    };
    const first = await lost();
    expect(await lost()).toEqual(first);
    expect(first.heard.length + first.landed).toBe(40);
    expect(first.landed).toBeGreaterThan(8);
    expect(first.landed).toBeLessThan(32);
  });

  it('can be refused before it opens, as any request', async () => {
    const { url } = await setUp(rulesOf({ match: { protocol: 'websocket' }, fault: { type: 'status', status: 503 } }));
    const socket = new WebSocket(url);
    const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
    expect(error.message).toContain('503');
  });
});
