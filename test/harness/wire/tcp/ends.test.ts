import { once } from 'node:events';
import { connect } from 'node:net';
import { duplexPair } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createAlarms } from '../../../../harness/wire/tcp/alarms.ts';
import { createTcpProxy } from '../../../../harness/wire/tcp/tcp-proxy.ts';
import { endOf, startProxiedPair, textOf } from '../../../support/tcp-proxy.ts';
import { toxicOf } from '../../../support/toxic-line.ts';

describe('the ends of a connection through the TCP proxy', () => {
  it('lets the upstream answer a caller that has said all', async () => {
    await using wire = await startProxiedPair();
    const { caller, server } = await wire.pair();
    caller.end('question');
    expect(await textOf(server)).toBe('question');
    server.end('answer');
    expect(await textOf(caller)).toBe('answer');
  });

  it('lets a caller go on when the upstream has said all', async () => {
    await using wire = await startProxiedPair();
    const { caller, server } = await wire.pair();
    server.end('greeting');
    expect(await textOf(caller)).toBe('greeting');
    caller.end('and on');
    expect(await textOf(server)).toBe('and on');
  });

  it('sends the end after all that was written, however much it was and whatever toxic holds it', async () => {
    await using wire = await startProxiedPair();
    wire.proxy.setToxics([toxicOf('latency', { latency: 5 })]);
    const { caller, server } = await wire.pair();
    const said = 'x'.repeat(3_000_000);
    server.end(said);
    expect((await textOf(caller)).length).toBe(said.length);
  });

  it('shows the upstream a reset where the caller reset, and the caller one where the upstream did', async () => {
    await using wire = await startProxiedPair();
    const first = await wire.pair();
    const seenByServer = endOf(first.server);
    first.caller.resetAndDestroy();
    expect(await seenByServer).toBe('ECONNRESET');

    const second = await wire.pair();
    const seenByCaller = endOf(second.caller);
    second.server.resetAndDestroy();
    expect(await seenByCaller).toBe('ECONNRESET');
  });

  it('resets a side to which it could not write all yet, after the other side has ended and reset', async () => {
    await using wire = await startProxiedPair();
    const { caller, server } = await wire.pair();
    server.pause();
    caller.end(Buffer.alloc(32 * 1024 * 1024));
    await once(server, 'readable');
    const seen = endOf(server);
    server.pause();
    caller.resetAndDestroy();
    server.resume();
    expect(await seen).toBe('ECONNRESET');
  });

  it('shows the caller an end, as Toxiproxy does, when the upstream refuses', async () => {
    await using wire = await startProxiedPair();
    await wire.refuse();
    expect(await endOf(wire.call())).toBe('end');
    expect(wire.proxy.meter.failedConnections).toBe(1);
  });

  it('has closed all connections when it is disabled, and takes new ones when it is enabled again', async () => {
    await using wire = await startProxiedPair();
    const { caller } = await wire.pair();
    const seen = endOf(caller);
    await wire.proxy.disable();
    expect(wire.proxy.meter.openConnections).toBe(0);
    await seen;
    await wire.proxy.enable();
    const again = await wire.pair();
    again.caller.end('back');
    expect(await textOf(again.server)).toBe('back');
  });

  it('carries bytes as they are through reads small and large, while toxics come and go', async () => {
    await using wire = await startProxiedPair();
    const { caller, server } = await wire.pair();
    const said = Buffer.from(Array.from({ length: 2_000_000 }, (_, index) => index % 251));
    const heard: Buffer[] = [];
    caller.on('data', (chunk: Buffer) => {
      heard.push(chunk);
      if (heard.length % 4 === 0) wire.proxy.setToxics(heard.length % 8 === 0 ? [toxicOf('latency', { latency: 1 })] : []);
    });
    for (let at = 0, size = 1; at < said.length; at += size, size = (size * 3) % 100_003) {
      if (!server.write(said.subarray(at, at + size))) await once(server, 'drain');
    }
    server.end();
    await once(caller, 'end');
    expect(Buffer.concat(heard).equals(said)).toBe(true);
  });

  it.each([
    ['large', 500_000],
    ['middling', 40_000],
    ['small', 9_000],
  ])('keeps %s writes that a slow reader has not taken apart from what others send meanwhile', async (_, size) => {
    await using wire = await startProxiedPair();
    const slow = await wire.pair();
    slow.caller.pause();
    const sent: Buffer[] = [];
    // Until nothing more goes through, as all buffers on the way are full.
    for (let received = -1; received !== wire.proxy.meter.received.downstream || slow.server.writableLength === 0; ) {
      received = wire.proxy.meter.received.downstream;
      while (slow.server.writableLength < 1_000_000) {
        sent.push(Buffer.alloc(size, sent.length % 251));
        slow.server.write(sent.at(-1)!);
        await turn();
      }
      for (let n = 0; n < 50; n += 1) await turn();
    }
    const other = await wire.pair();
    other.server.end(Buffer.alloc(3_000_000, 255));
    await textOf(other.caller);

    slow.server.end();
    const heard: Buffer[] = [];
    for await (const chunk of slow.caller) heard.push(chunk);
    expect(Buffer.concat(heard).equals(Buffer.concat(sent))).toBe(true);
  });

  it('carries bytes as they are to a stream that is no socket, and back', async () => {
    const [end, upstream] = duplexPair();
    upstream.pipe(upstream);
    const proxy = await createTcpProxy({
      listen: { host: '127.0.0.1', port: 0 },
      dial: () => end,
      seed: 1,
      alarms: createAlarms(),
    });
    const said = Buffer.from(Array.from({ length: 2_000_000 }, (_, index) => index % 251));
    const caller = connect({ ...proxy.address, allowHalfOpen: true });
    caller.end(said);
    const heard: Buffer[] = [];
    for await (const chunk of caller) {
      heard.push(chunk);
      // What is held here has been read into memory that may not be read into again.
      await turn();
    }
    expect(Buffer.concat(heard).equals(said)).toBe(true);
    await proxy.close();
  });
});
