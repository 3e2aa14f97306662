import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createAlarms } from '../../harness/wire/tcp/alarms.ts';
import { createTcpProxy, dialTo } from '../../harness/wire/tcp/tcp-proxy.ts';
import { toxicOf } from '../support/toxic-line.ts';

const HOST = '127.0.0.1';
const GIB = 2 ** 30;
const CHUNK = Buffer.alloc(256 * 1024);
/** What the kernel keeps for the four sockets, and a toxic on its way, with room for a busy machine. */
const MOST_ON_THE_WAY = 64 * 2 ** 20;
/** With what V8 and the allocator keep of the buffers that they have had. */
const MOST_MORE_RESIDENT = 128 * 2 ** 20;

/** Says a gibibyte to whoever connects, as fast as it is taken. */
const startTalker = async () => {
  const said = { bytes: 0 };
  const server = createServer(async (socket) => {
    for (; said.bytes < GIB; said.bytes += CHUNK.length) if (!socket.write(CHUNK)) await once(socket, 'drain');
    socket.end();
  });
  await once(server.listen(0, HOST), 'listening');
  return { said, server, port: (server.address() as AddressInfo).port };
};

describe.each([
  ['without toxics', []],
  ['with 2 ms of latency', [toxicOf('latency', { latency: 2 })]],
])('a gibibyte through the TCP proxy, %s', (_, toxics) => {
  it('waits for a reader that does not read, and takes no more memory than buffers', async () => {
    const { said, server, port } = await startTalker();
    const alarms = createAlarms();
    const proxy = await createTcpProxy({ listen: { host: HOST, port: 0 }, dial: dialTo({ host: HOST, port }), seed: 1, alarms });
    proxy.setToxics(toxics);
    let heard = 0;
    let peakBytes = 0;
    const residentBefore = process.memoryUsage.rss();
    const reader = connect({
      host: HOST,
      port: proxy.address.port,
      onread: {
        buffer: Buffer.alloc(256 * 1024),
        callback(bytes) {
          heard += bytes;
          peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
          return true;
        },
      },
    });
    reader.pause();

    let before = -1;
    await vi.waitFor(
      () => {
        const now = said.bytes;
        const isStalled = now === before && now > 0;
        before = now;
        expect(isStalled).toBe(true);
      },
      { timeout: 20_000, interval: 250 },
    );
    expect(said.bytes - heard).toBeLessThan(MOST_ON_THE_WAY);
    expect(process.memoryUsage.rss() - residentBefore).toBeLessThan(MOST_MORE_RESIDENT);

    const hasEnded = once(reader, 'end');
    reader.resume();
    await hasEnded;
    expect(heard).toBe(GIB);
    expect(peakBytes - residentBefore).toBeLessThan(MOST_MORE_RESIDENT);

    reader.destroy();
    await proxy.close();
    server.close();
  });
});
