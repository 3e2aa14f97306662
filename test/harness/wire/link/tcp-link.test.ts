import { describe, expect, it } from 'vitest';
import { createTcpLink } from '../../../../harness/wire/link/tcp-link.ts';
import { faultWith, linkWith, rawClient, startWire, stateEffect } from '../../../support/wire.ts';

const ask = 'GET / HTTP/1.1\r\nhost: broker.example\r\n\r\n';

/** Its upstream speaks HTTP because that is at hand: the link knows nothing of it. */
const start = (rttMs = 0) =>
  startWire(
    (_request, response) => response.end('predicted'),
    { link: linkWith({ id: 'stack/us-east/broker', role: 'tcp', rttMs }) },
    createTcpLink,
  );

const isAnswered = async (port: number, patienceMs = 1000): Promise<boolean> => {
  const client = rawClient(port);
  client.send(ask);
  const outcome = await Promise.race([
    client.until('predicted').then(() => true),
    client.ended.then(() => false),
    new Promise<false>((resolve) => setTimeout(resolve, patienceMs, false)),
  ]);
  client.socket.destroy();
  return outcome;
};

describe('a link to something with a protocol of its own', () => {
  it('passes bytes, after the round trip', async () => {
    await using wire = await start(40);
    const sentAtMs = performance.now();
    expect(await isAnswered(wire.port)).toBe(true);
    expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(39);
  });

  it('refuses connections while a fault does, open ones too, and takes them again on the same port', async () => {
    await using wire = await start();
    const open = rawClient(wire.port);
    open.send(ask);
    await open.until('predicted');
    await wire.proxy.begin(faultWith(), stateEffect('refuse'));
    expect(await open.ended).toBe('ECONNRESET');
    expect(await rawClient(wire.port).ended).toBe('ECONNREFUSED');
    await wire.proxy.end(faultWith());
    expect(await isAnswered(wire.port)).toBe(true);
    expect(wire.broken).toEqual([]);
  });

  it('resets connections, or swallows what they say, while a fault does', async () => {
    await using wire = await start();
    await wire.proxy.begin(faultWith(), stateEffect('reset'));
    const reset = rawClient(wire.port);
    reset.send(ask);
    expect(await reset.ended).toBe('ECONNRESET');
    await wire.proxy.end(faultWith());
    await wire.proxy.begin(faultWith(), stateEffect('blackhole'));
    expect(await isAnswered(wire.port, 100)).toBe(false);
    await wire.proxy.end(faultWith());
    expect(await isAnswered(wire.port)).toBe(true);
  });

  it('stays down until the last of two outages is over', async () => {
    await using wire = await start();
    const [first, second] = [faultWith({ name: 'first' }), faultWith({ name: 'second' })];
    await wire.proxy.begin(first, stateEffect('refuse'));
    await wire.proxy.begin(second, stateEffect('refuse'));
    await wire.proxy.end(first);
    expect(await rawClient(wire.port).ended).toBe('ECONNREFUSED');
    await wire.proxy.end(second);
    expect(await isAnswered(wire.port)).toBe(true);
  });
});
