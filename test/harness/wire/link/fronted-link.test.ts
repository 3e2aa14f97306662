import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { halfOpen } from '../../../../harness/faults/half-open.ts';
import type { FaultEffect } from '../../../../harness/faults/kind.ts';
import { toxic } from '../../../../harness/faults/toxic.ts';
import { createFrontedLink } from '../../../../harness/wire/link/fronted-link.ts';
import { faultWith, rawClient, startWire, stateEffect } from '../../../support/wire.ts';

const ask = 'GET / HTTP/1.1\r\nhost: models.example\r\n\r\n';

const answerOk = (_request: IncomingMessage, response: ServerResponse) => response.end('predicted');

const start = (answer = answerOk, seed = 1) => startWire(answer, { seed }, createFrontedLink);

const effectOf = (settings: object): FaultEffect => toxic.live!(toxic.settings.parse(settings));

const isAnswered = async (port: number): Promise<boolean> => {
  const client = rawClient(port);
  client.send(ask);
  const answered = client.until('predicted').then(() => true);
  const outcome = await Promise.race([answered, client.ended.then(() => false)]);
  client.socket.destroy();
  return outcome;
};

describe('a link with a TCP proxy before it', () => {
  it('passes requests as one without', async () => {
    await using wire = await start();
    expect(await isAnswered(wire.port)).toBe(true);
  });

  it('refuses connections while a fault does, on the port that callers know, and takes them again', async () => {
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

  it('stays down when a second outage begins in the moment that the first ends, and is up after one that ends as it begins', async () => {
    await using wire = await start();
    const [first, second] = [faultWith({ name: 'first' }), faultWith({ name: 'second' })];
    await wire.proxy.begin(first, stateEffect('refuse'));
    await Promise.all([wire.proxy.end(first), wire.proxy.begin(second, stateEffect('refuse'))]);
    expect(await rawClient(wire.port).ended).toBe('ECONNREFUSED');
    await wire.proxy.end(second);
    await Promise.all([wire.proxy.begin(first, stateEffect('refuse')), wire.proxy.end(first)]);
    expect(await isAnswered(wire.port)).toBe(true);
    expect(wire.broken).toEqual([]);
  });

  it('does not come back when a fault ends after it was closed', async () => {
    await using wire = await start();
    await wire.proxy.begin(faultWith(), stateEffect('refuse'));
    await wire.proxy.close();
    await wire.proxy.end(faultWith());
    expect(await rawClient(wire.port).ended).toBe('ECONNREFUSED');
  });

  it('says which port is in use, where it was asked for one', async () => {
    await using wire = await start();
    await expect(startWire(answerOk, { port: wire.port }, createFrontedLink)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(String(wire.port)),
    });
  });

  it('resets connections while a fault does', async () => {
    await using wire = await start();
    await wire.proxy.begin(faultWith(), stateEffect('reset'));
    const client = rawClient(wire.port);
    client.send(ask);
    expect(await client.ended).toBe('ECONNRESET');
  });

  it('cuts an answer short where a toxic says so, until the fault ends', async () => {
    await using wire = await start();
    await wire.proxy.begin(faultWith(), effectOf({ type: 'limit_data', attributes: { bytes: 20 } }));
    const client = rawClient(wire.port);
    client.send(ask);
    await client.ended;
    expect(client.received()).toHaveLength(20);
    expect(client.received()).toMatch(/^HTTP\/1\.1 200 OK/);
    await wire.proxy.end(faultWith());
    expect(await isAnswered(wire.port)).toBe(true);
  });

  it('takes the probability for the share of connections', async () => {
    await using wire = await start(answerOk, 5);
    await wire.proxy.begin(faultWith({ probability: 0.5 }), effectOf({ type: 'reset_peer' }));
    const answers: boolean[] = [];
    for (let count = 0; count < 40; count += 1) answers.push(await isAnswered(wire.port));
    const touched = answers.filter((one) => !one).length;
    // Three standard deviations of a binomial draw: 20 +- 3 x sqrt(40 x 0.25).
    expect(touched).toBeGreaterThan(10);
    expect(touched).toBeLessThan(30);
  });

  it('forgets the connections that are open when a half-open fault starts, and serves new ones', async () => {
    await using wire = await start();
    const client = rawClient(wire.port);
    client.send(ask);
    await client.until('predicted');
    await wire.proxy.begin(faultWith(), halfOpen.live!({}));
    client.send(ask);
    expect(await isAnswered(wire.port)).toBe(true);
    expect(client.received().match(/predicted/g)).toHaveLength(1);
    await wire.proxy.end(faultWith());
    expect(await client.ended).toBe('ECONNRESET');
  });
});

describe('a toxic as a fault', () => {
  it.each([
    ['an attribute that its toxic lacks', { type: 'bandwidth', attributes: { speed: 1 } }, 'is no attribute of bandwidth'],
    ['a value of another type', { type: 'bandwidth', attributes: { rate: 'fast' } }, 'rate'],
    ['a toxic that there is not', { type: 'gravity' }, 'type'],
  ])('is refused with %s', (_what, settings, expected) => {
    const parsed = toxic.settings.safeParse(settings);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(expected);
  });

  it('has no effect that the simulated world could carry out', () => {
    expect(toxic.sim).toBeUndefined();
  });
});
