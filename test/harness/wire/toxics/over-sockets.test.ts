import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAlarms } from '../../../../harness/wire/tcp/alarms.ts';
import { createTcpProxy, dialTo, type TcpProxy } from '../../../../harness/wire/tcp/tcp-proxy.ts';
import { toxicOf } from '../../../support/toxic-line.ts';

/** One end of a connection, and what it has seen. */
const watch = (socket: Socket) => {
  const seen = { text: '', isEnded: false, errorCode: undefined as string | undefined, isClosed: false };
  const waiters = new Set<() => void>();
  const notice = () => {
    for (const check of [...waiters]) check();
  };
  socket.on('data', (bytes) => {
    seen.text += bytes;
    notice();
  });
  socket.on('end', () => {
    seen.isEnded = true;
    notice();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    seen.errorCode = error.code;
    notice();
  });
  socket.on('close', () => {
    seen.isClosed = true;
    notice();
  });
  return {
    socket,
    seen,
    /** Until it is so; the test's own time limit is the limit. */
    until: (isSo: (now: typeof seen) => boolean) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (!isSo(seen)) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
};
type Watched = ReturnType<typeof watch>;

describe('toxics over sockets', () => {
  const upstreamSockets: Watched[] = [];
  const callers: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    upstreamSockets.push(watch(socket));
  });
  let proxy: TcpProxy;

  beforeEach(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    proxy = await createTcpProxy({
      listen: { host: '127.0.0.1', port: 0 },
      dial: dialTo({ host: '127.0.0.1', port }),
      seed: 1,
      alarms: createAlarms(),
    });
  });
  afterEach(async () => {
    for (const socket of callers.splice(0)) socket.destroy();
    for (const { socket } of upstreamSockets.splice(0)) socket.destroy();
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const call = (): Watched => {
    const socket = connect({ ...proxy.address, allowHalfOpen: true });
    callers.push(socket);
    return watch(socket);
  };
  /** A connection that has said hello both ways, and its end at the upstream. */
  const openPair = async () => {
    const caller = call();
    const before = upstreamSockets.length;
    await Promise.all([once(caller.socket, 'connect'), once(server, 'connection')]);
    const upstream = upstreamSockets[before]!;
    caller.socket.write('hi');
    await upstream.until(({ text }) => text === 'hi');
    upstream.socket.write('ho');
    await caller.until(({ text }) => text === 'ho');
    return { caller, upstream };
  };

  it('reset_peer is a reset to both sides, on a connection that was open before it', async () => {
    const { caller, upstream } = await openPair();
    proxy.setToxics([toxicOf('reset_peer', { timeout: 20 }, { stream: 'upstream' })]);
    caller.socket.write('x');
    await Promise.all([caller.until(({ isClosed }) => isClosed), upstream.until(({ isClosed }) => isClosed)]);
    expect([caller.seen.errorCode, upstream.seen.errorCode]).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(upstream.seen.text).toBe('hi');
  });

  it('timeout lets nothing through, and its removal is an end to both sides', async () => {
    const { caller, upstream } = await openPair();
    proxy.setToxics([toxicOf('timeout', {}, { stream: 'upstream' })]);
    caller.socket.write('lost');
    // What the upstream says still comes, which shows that the proxy has had the time to hand on the other.
    upstream.socket.write('!');
    await caller.until(({ text }) => text === 'ho!');
    expect([upstream.seen.text, upstream.seen.isEnded]).toEqual(['hi', false]);
    proxy.setToxics([]);
    await Promise.all([caller.until(({ isEnded }) => isEnded), upstream.until(({ isEnded }) => isEnded)]);
    expect([caller.seen.errorCode, upstream.seen.errorCode, upstream.seen.text]).toEqual([undefined, undefined, 'hi']);
  });

  it('limit_data sends all that it lets pass before the end, also when the caller is faster than the upstream is reached', async () => {
    proxy.setToxics([toxicOf('limit_data', { bytes: 100_000 }, { stream: 'upstream' })]);
    const caller = call();
    caller.socket.write('x'.repeat(300_000));
    await once(server, 'connection');
    const [upstream] = upstreamSockets;
    await upstream!.until(({ isEnded, isClosed }) => isEnded || isClosed);
    expect([upstream!.seen.text.length, upstream!.seen.errorCode]).toEqual([100_000, undefined]);
    await caller.until(({ isEnded }) => isEnded);
    expect(caller.seen.errorCode).toBeUndefined();
  });

  it.each(['latency', 'bandwidth', 'slow_close', 'slicer', 'packet_loss', 'corrupt'])(
    '%s keeps a half-closed connection open',
    async (type) => {
      const attributes = {
        bandwidth: { rate: 10 },
        slicer: { average_size: 1 },
        latency: { latency: 5 },
        slow_close: { delay: 5 },
      };
      const given = attributes[type as keyof typeof attributes] ?? {};
      proxy.setToxics([toxicOf(type, given, { name: 'u', stream: 'upstream' }), toxicOf(type, given, { name: 'd' })]);
      const { caller, upstream } = await openPair();
      caller.socket.end('bye');
      await upstream.until(({ isEnded }) => isEnded);
      expect(upstream.seen.text).toBe('hibye');
      upstream.socket.end('still here');
      await caller.until(({ isEnded }) => isEnded);
      expect(caller.seen.text).toBe('hostill here');
    },
  );

  it('half_open tells the upstream nothing of a caller that has gone, and lets new connections work', async () => {
    const { caller, upstream } = await openPair();
    proxy.setToxics([toxicOf('half_open')]);
    caller.socket.write('lost');
    caller.socket.resetAndDestroy();
    const later = await openPair();
    later.caller.socket.write('works');
    await later.upstream.until(({ text }) => text === 'hiworks');
    expect(upstream.seen).toEqual({ text: 'hi', isEnded: false, errorCode: undefined, isClosed: false });
    proxy.setToxics([]);
    await upstream.until(({ isClosed }) => isClosed);
    expect(upstream.seen.errorCode).toBe('ECONNRESET');
  });

  it('connection_limit resets those that are too many, until one has closed', async () => {
    proxy.setToxics([toxicOf('connection_limit', { connections: 1 })]);
    const { caller } = await openPair();
    const refused = call();
    await refused.until(({ isClosed }) => isClosed);
    expect(refused.seen.errorCode).toBe('ECONNRESET');
    expect(proxy.meter.failedConnections).toBe(1);
    caller.socket.resetAndDestroy();
    await upstreamSockets[0]!.until(({ isClosed }) => isClosed);
    await openPair();
  });

  it('connection_limit lets those that wait in one by one, in order, with what they have said meanwhile', async () => {
    proxy.setToxics([toxicOf('connection_limit', { connections: 1, excess: 'wait' })]);
    const first = await openPair();
    const waiting: Watched[] = [];
    for (const name of ['b', 'c']) {
      const caller = call();
      await once(caller.socket, 'connect');
      caller.socket.write(name);
      waiting.push(caller);
    }
    first.caller.socket.resetAndDestroy();
    await once(server, 'connection');
    await upstreamSockets[1]!.until(({ text }) => text === 'b');
    expect(upstreamSockets).toHaveLength(2);
    // Without the toxic there is no limit.
    proxy.setToxics([]);
    await once(server, 'connection');
    await upstreamSockets[2]!.until(({ text }) => text === 'c');
    expect(waiting.map(({ seen }) => seen.isClosed)).toEqual([false, false]);
  });

  it('slow_accept connects the caller, and the upstream only after the delay', async () => {
    proxy.setToxics([toxicOf('slow_accept', { delay: 100 })]);
    const startMs = performance.now();
    const caller = call();
    await once(caller.socket, 'connect');
    const connectedMs = performance.now() - startMs;
    caller.socket.write('a');
    await once(server, 'connection');
    expect(performance.now() - startMs).toBeGreaterThan(98);
    expect(connectedMs).toBeLessThan(98);
    await upstreamSockets[0]!.until(({ text }) => text === 'a');
  });

  it('leave no connection behind that they have closed', async () => {
    for (const type of ['timeout', 'limit_data', 'reset_peer']) {
      const { caller, upstream } = await openPair();
      proxy.setToxics([toxicOf(type, type === 'timeout' ? { timeout: 5 } : {}, { stream: 'upstream' })]);
      caller.socket.write('x');
      await Promise.all([
        caller.until(({ isEnded, isClosed }) => isEnded || isClosed),
        upstream.until(({ isEnded, isClosed }) => isEnded || isClosed),
      ]);
      caller.socket.end();
      upstream.socket.end();
      await Promise.all([caller.until(({ isClosed }) => isClosed), upstream.until(({ isClosed }) => isClosed)]);
      proxy.setToxics([]);
    }
    await proxy.disable();
    expect(proxy.meter.openConnections).toBe(0);
  });
});
