import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { http } from '../../../../harness/faults/http.ts';
import type { FaultEffect } from '../../../../harness/faults/kind.ts';
import { faultWith, rawClient, startWire } from '../../../support/wire.ts';

const effectOf = (type: string, settings: object = {}): FaultEffect => http.live!(http.settings.parse({ type, settings }));

/** Three server-sent events, each in a write of its own. */
const sendEvents = (_request: IncomingMessage, response: ServerResponse) => {
  response.setHeader('content-type', 'text/event-stream');
  for (const word of ['one', 'two', 'three']) response.write(`data: ${word}\n\n`);
  response.end();
};

const answerOk = (_request: IncomingMessage, response: ServerResponse) => response.end('predicted');

const ask = (path = '/') => `GET ${path} HTTP/1.1\r\nhost: models.example\r\n\r\n`;

const textOf = async ({ port }: { readonly port: number }, path = '/') =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).text().catch(() => 'cut');

describe('an HTTP fault on a link', () => {
  it('stops a stream after so many events, and lets it go on when it ends', async () => {
    await using wire = await startWire(sendEvents);
    await wire.proxy.begin(faultWith(), effectOf('stall', { afterEvents: 2 }));
    const client = rawClient(wire.port);
    client.send(ask());
    await client.until('two');
    expect(client.received()).not.toContain('three');
    await wire.proxy.end(faultWith());
    await client.until('three');
    client.socket.destroy();
    expect(wire.events).toEqual([]);
  });

  it('cuts a stream short after so many events, which is nobody else’s failure', async () => {
    await using wire = await startWire(sendEvents);
    await wire.proxy.begin(faultWith(), effectOf('truncate', { afterEvents: 1 }));
    const client = rawClient(wire.port);
    client.send(ask());
    await client.until('one');
    expect(await client.ended).toBe('ECONNRESET');
    expect(client.received()).not.toContain('two');
    expect([wire.events, wire.broken]).toEqual([[], []]);
    await wire.proxy.end(faultWith());
    expect(await textOf(wire)).toContain('three');
  });

  it('chooses its requests as other faults do', async () => {
    await using wire = await startWire(answerOk);
    const requests = { path: '/endpoints/*', every: 2, first: 1 };
    await wire.proxy.begin(faultWith({ requests }), effectOf('status', { status: 418 }));
    const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${wire.port}${path}`)).status;
    const statuses: number[] = [];
    for (const path of ['/endpoints/a/b', '/models', '/endpoints/a/b', '/endpoints/a/b', '/endpoints/a/b']) {
      statuses.push(await statusOf(path));
    }
    expect(statuses).toEqual([200, 200, 418, 200, 200]);
  });

  it('stands beside faults of other kinds, and each ends by itself', async () => {
    await using wire = await startWire(answerOk);
    await wire.proxy.begin(faultWith({ name: 'slow' }), effectOf('status', { status: 418 }));
    await wire.proxy.begin(faultWith({ name: 'stamp' }), {
      intercept: async (_exchange, forward) => new Response(String((await forward()).status)),
    });
    expect(await textOf(wire)).toBe('418');
    await wire.proxy.end(faultWith({ name: 'slow' }));
    expect(await textOf(wire)).toBe('200');
    await wire.proxy.end(faultWith({ name: 'stamp' }));
    expect(await textOf(wire)).toBe('predicted');
  });
});

describe('HTTP faults that begin and end in one moment', () => {
  it('leave the link as the last of it has it', async () => {
    await using wire = await startWire(answerOk);
    const [teapot, late] = [faultWith({ name: 'teapot' }), faultWith({ name: 'late' })];
    const isTeapot = effectOf('status', { status: 418 });
    await Promise.all([wire.proxy.begin(teapot, isTeapot), wire.proxy.end(teapot)]);
    expect(await textOf(wire)).toBe('predicted');
    await Promise.all([
      wire.proxy.begin(teapot, isTeapot),
      wire.proxy.begin(late, effectOf('delay', { latency: '1ms' })),
      wire.proxy.end(teapot),
    ]);
    expect(await textOf(wire)).toBe('predicted');
    await Promise.all([wire.proxy.end(late), wire.proxy.begin(teapot, isTeapot)]);
    expect(await textOf(wire)).toBe('');
  });

  it('share one proxy, which goes with the link', async () => {
    const listening = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
    await expect.poll(listening).toBe(0);
    {
      await using wire = await startWire(answerOk);
      const delay = effectOf('delay', { latency: '1ms' });
      const faults = ['a', 'b', 'c'].map((name) => faultWith({ name }));
      await Promise.all(faults.map((fault) => wire.proxy.begin(fault, delay)));
      expect(await textOf(wire)).toBe('predicted');
      // The emulator, the link, and the proxy between them.
      expect(listening()).toBe(3);
    }
    await expect.poll(listening).toBe(0);
  });
});

describe('an HTTP fault as a scenario has it', () => {
  it.each([
    ['a setting that its type lacks', { type: 'stall', settings: { afterHours: 1 } }, 'afterHours'],
    ['two marks', { type: 'stall', settings: { afterBytes: 1, afterEvents: 1 } }, 'got both'],
    ['what is for WebSockets alone', { type: 'websocket-cut' }, 'type'],
  ])('is refused with %s', (_what, settings, expected) => {
    const parsed = http.settings.safeParse(settings);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(expected);
  });
});
