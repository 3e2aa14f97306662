import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { faultWith, GET, rawClient, settled, startWire, stateEffect } from '../../../support/wire.ts';

const answerOk = (_request: unknown, response: { end(body: string): void }) => response.end('predicted');

const listenOn = (port: number) =>
  new Promise<Server>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

describe('a link that refuses', () => {
  it('refuses new connections and cuts open ones', async () => {
    await using wire = await startWire(answerOk);
    const open = rawClient(wire.port);
    open.send(GET);
    await open.until('predicted');

    await wire.proxy.begin(faultWith(), stateEffect('refuse'));

    expect(await open.ended).toBe('ECONNRESET');
    expect(await rawClient(wire.port).ended).toBe('ECONNREFUSED');
  });

  it('serves on the same port when the fault is over', async () => {
    await using wire = await startWire(answerOk);
    await wire.proxy.begin(faultWith(), stateEffect('refuse'));
    await wire.proxy.end(faultWith());

    const client = rawClient(wire.port);
    client.send(GET);
    await client.until('predicted');
    client.socket.destroy();
    expect(wire.broken).toEqual([]);
  });

  it('breaks the run in words when another process has taken the port', async () => {
    await using wire = await startWire(answerOk);
    await wire.proxy.begin(faultWith(), stateEffect('refuse'));
    const thief = await listenOn(wire.port);

    await wire.proxy.end(faultWith());

    expect(wire.broken).toEqual([
      expect.stringMatching(new RegExp(`aws/us-east-1/sagemaker-runtime can't listen again on port ${wire.port}.*EADDRINUSE`)),
    ]);
    await new Promise((resolve) => thief.close(resolve));
  });

  it('stays down when a second outage begins in the moment that the first ends', async () => {
    await using wire = await startWire(answerOk);
    const [first, second] = [faultWith({ name: 'first' }), faultWith({ name: 'second' })];
    await wire.proxy.begin(first, stateEffect('refuse'));
    const ended = wire.proxy.end(first);
    const begun = wire.proxy.begin(second, stateEffect('refuse'));
    await Promise.all([ended, begun]);

    expect(await rawClient(wire.port).ended).toBe('ECONNREFUSED');

    await wire.proxy.end(second);
    const client = rawClient(wire.port);
    client.send(GET);
    await client.until('predicted');
    client.socket.destroy();
  });
});

describe('a link that resets', () => {
  it('accepts and resets new connections, and resets open ones', async () => {
    await using wire = await startWire(answerOk);
    const open = rawClient(wire.port);
    open.send(GET);
    await open.until('predicted');

    await wire.proxy.begin(faultWith(), stateEffect('reset'));

    expect(await open.ended).toBe('ECONNRESET');
    expect(await rawClient(wire.port).ended).toBe('ECONNRESET');
    await wire.proxy.end(faultWith());
    const after = rawClient(wire.port);
    after.send(GET);
    await after.until('predicted');
    after.socket.destroy();
  });
});

describe('a link that is a black hole', () => {
  it('accepts, reads and says nothing, then cuts those connections when the fault ends', async () => {
    let reached = 0;
    await using wire = await startWire((_request, response) => {
      reached += 1;
      response.end('predicted');
    });
    await wire.proxy.begin(faultWith(), stateEffect('blackhole'));
    const clients = [rawClient(wire.port), rawClient(wire.port), rawClient(wire.port)] as const;
    clients[0].send(GET);
    clients[1].send('POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n');
    clients[2].send('this is no HTTP\r\n\r\n');
    await Promise.all(clients.map((client) => client.connected));
    await settled();

    expect(clients.map((client) => client.received())).toEqual(['', '', '']);
    await wire.proxy.end(faultWith());

    expect(await Promise.all(clients.map((client) => client.ended))).toEqual(['ECONNRESET', 'ECONNRESET', 'ECONNRESET']);
    expect(clients.map((client) => client.received())).toEqual(['', '', '']);
    expect(reached).toBe(0);
  });

  it('swallows the answers of requests that were open when it began', async () => {
    const answers: (() => void)[] = [];
    let isFinished = false;
    await using wire = await startWire((_request, response) => {
      response.once('finish', () => {
        isFinished = true;
      });
      answers.push(() => response.end('predicted'));
    });
    const client = rawClient(wire.port);
    client.send(GET);
    await expect.poll(() => answers.length).toBe(1);

    await wire.proxy.begin(faultWith(), stateEffect('blackhole'));
    answers[0]!();
    await expect.poll(() => isFinished).toBe(true);
    await settled();

    expect(client.received()).toBe('');
    await wire.proxy.end(faultWith());
    expect(await client.ended).toBe('ECONNRESET');
    expect(client.received()).toBe('');
  });

  it('stops an answer that is half out', async () => {
    let finish: () => void = () => undefined;
    await using wire = await startWire((_request, response) => {
      response.write('first half');
      finish = () => response.end('second half');
    });
    const client = rawClient(wire.port);
    client.send(GET);
    await client.until('first half');

    await wire.proxy.begin(faultWith(), stateEffect('blackhole'));
    finish();
    await settled();
    await wire.proxy.end(faultWith());

    expect(await client.ended).toBe('ECONNRESET');
    expect(client.received()).not.toContain('second half');
  });

  it('leaves a kept-alive connection alone that nothing was sent on', async () => {
    await using wire = await startWire(answerOk);
    const client = rawClient(wire.port);
    client.send(GET);
    await client.until('predicted');
    await wire.proxy.begin(faultWith(), stateEffect('blackhole'));
    await wire.proxy.end(faultWith());

    client.send('GET /again HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');

    expect(await client.ended).toBe('end');
    expect(client.received().split('predicted')).toHaveLength(3);
  });
});

describe('several faults on a link', () => {
  it('shows what a connection meets first: refused before reset before silence', async () => {
    await using wire = await startWire(answerOk);
    await wire.proxy.begin(faultWith({ name: 'silent' }), stateEffect('blackhole'));
    await wire.proxy.begin(faultWith({ name: 'down' }), stateEffect('refuse'));
    expect(await rawClient(wire.port).ended).toBe('ECONNREFUSED');

    await wire.proxy.begin(faultWith({ name: 'cut' }), stateEffect('reset'));
    await wire.proxy.end(faultWith({ name: 'down' }));
    expect(await rawClient(wire.port).ended).toBe('ECONNRESET');

    await wire.proxy.end(faultWith({ name: 'cut' }));
    const client = rawClient(wire.port);
    client.send(GET);
    await client.connected;
    await settled();
    expect(client.received()).toBe('');
    client.socket.destroy();
  });
});
