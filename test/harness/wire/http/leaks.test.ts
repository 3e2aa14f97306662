import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { always, connect2, proxyHttp1, proxyHttp2, rulesOf, send1, send2 } from '../../../support/http-proxy.ts';
import { rawClient } from '../../../support/wire.ts';

const turnsUntil = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
};

/** Sockets, servers and timers that the process has open. */
const handles = (): number => process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS|Timeout)/.test(name)).length;

describe('a proxy that is closed', () => {
  it('leaves no socket and no timer, whatever its faults were in the midst of', async () => {
    const before = handles();
    {
      await using wire = await proxyHttp1((incoming, response) => void incoming.resume().on('end', () => response.end('ok')));
      wire.proxy.setRules(
        rulesOf(
          { match: { path: '/late' }, fault: { type: 'delay', latency: '1h' } },
          { match: { path: '/stuck' }, fault: { type: 'stall' } },
          { match: { path: '/slow' }, fault: { type: 'slow-body', bytesPerSecond: 1 } },
        ),
      );
      const clients = ['/late', '/stuck', '/slow', '/cut'].map((path) => {
        const client = rawClient(wire.port);
        client.send(`GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`);
        return client;
      });
      await turnsUntil(() => wire.proxy.meter.landed.size === 3);
      await wire.proxy.close();
      for (const client of clients) await client.ended;
      expect(wire.proxy.meter.openConnections).toBe(0);
      expect(wire.proxy.isEnabled).toBe(false);
    }
    {
      await using wire = await proxyHttp2((stream) => {
        stream.respond({ ':status': 200 });
        stream.end('ok');
      });
      wire.proxy.setRules(
        rulesOf(
          { match: { path: '/late' }, fault: { type: 'delay', latency: '1h' } },
          { match: { path: '/stuck' }, fault: { type: 'stall' } },
        ),
      );
      const session = connect2(wire.port);
      const sent = ['/late', '/stuck', '/'].map((path) => send2(session, { ':path': path }));
      await turnsUntil(() => wire.proxy.meter.landed.size === 2);
      await wire.proxy.close();
      await Promise.all(sent);
      await turnsUntil(() => wire.proxy.meter.openConnections === 0);
    }
    await turnsUntil(() => handles() <= before);
    expect(handles()).toBeLessThanOrEqual(before);
  });

  it('refuses connections, and takes them again when it is enabled, on the same port', async () => {
    await using wire = await proxyHttp1((_incoming, response) => void response.end('ok'));
    await wire.proxy.disable();
    expect((await send1(wire.port)).error).toBe('ECONNREFUSED');
    await wire.proxy.enable();
    expect((await send1(wire.port)).body).toBe('ok');
  });
});

describe('a thousand connections that come and go', () => {
  it('leave nothing open, over HTTP/1.1 with resets, cuts and good ends', async () => {
    await using wire = await proxyHttp1((incoming, response) => void incoming.resume().on('end', () => response.end('hello')));
    wire.proxy.setRules(
      rulesOf(
        { every: 3, fault: { type: 'reset' } },
        { every: 5, fault: { type: 'truncate', afterBytes: 2 } },
        { every: 7, fault: { type: 'status', status: 500 } },
      ),
    );
    for (let round = 0; round < 20; round++)
      await Promise.all(Array.from({ length: 50 }, () => send1(wire.port, { method: 'POST' }, 'x')));
    expect(wire.proxy.meter).toMatchObject({ connections: 1000, requests: 1000 });
    await turnsUntil(() => wire.proxy.meter.openConnections === 0);
  });

  it('leave nothing open, over HTTP/2 with resets and GOAWAYs', async () => {
    await using wire = await proxyHttp2((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('hello');
    });
    wire.proxy.setRules([
      ...always({ type: 'slow-body', bytesPerSecond: 100_000 }),
      ...rulesOf({ name: 'away', every: 4, fault: { type: 'goaway' } }),
    ]);
    for (let round = 0; round < 10; round++) {
      const sessions = Array.from({ length: 20 }, () => connect2(wire.port));
      await Promise.all(
        sessions.map(async (session) => {
          await Promise.all([send2(session), send2(session)]);
          if (session.closed) return;
          session.close();
          await once(session, 'close');
        }),
      );
    }
    await turnsUntil(() => wire.proxy.meter.openConnections === 0 && wire.sessions.size === 0);
  });
});
