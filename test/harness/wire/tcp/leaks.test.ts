import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type ProxiedPair, startProxiedPair } from '../../../support/tcp-proxy.ts';
import { toxicOf } from '../../../support/toxic-line.ts';

/** Sockets and servers that keep the process up. */
const handles = (): number =>
  process.getActiveResourcesInfo().filter((kind) => /^(TCPSocketWrap|TCPServerWrap|TCPConnectWrap|TCPShutdownWrap)$/.test(kind))
    .length;

/** Collects garbage, so that what is in use is what is kept. */
const collect = (): void => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
};

/** So that what has come can be told from what was sent: byte `n` of a stream is this. */
const byteAt = (n: number): number => n % 251;

const toxics = {
  latency: toxicOf('latency', { latency: 3, jitter: 2 }),
  'latency upstream': toxicOf('latency', { latency: 1 }, { name: 'up', stream: 'upstream' }),
  bandwidth: toxicOf('bandwidth', { rate: 1000 }),
  slicer: toxicOf('slicer', { average_size: 700, size_variation: 300, delay: 50 }),
  slow_close: toxicOf('slow_close', { delay: 4 }),
  timeout: toxicOf('timeout', { timeout: 3 }, { toxicity: 0.5 }),
  reset_peer: toxicOf('reset_peer', { timeout: 2 }, { toxicity: 0.5 }),
  limit_data: toxicOf('limit_data', { bytes: 5000 }),
};

const side = fc.constantFrom('caller', 'server');
const index = fc.nat(3);
const step = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('open') }), weight: 3 },
  { arbitrary: fc.record({ do: fc.constant('write'), side, index, bytes: fc.constantFrom(1, 900, 40_000, 400_000) }), weight: 6 },
  { arbitrary: fc.record({ do: fc.constantFrom('end', 'reset', 'destroy'), side, index }), weight: 4 },
  { arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume'), side, index }), weight: 2 },
  {
    arbitrary: fc.record({
      do: fc.constant('set'),
      toxics: fc.subarray(Object.keys(toxics) as (keyof typeof toxics)[], { maxLength: 3 }),
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ do: fc.constantFrom('refuse', 'listen', 'disable', 'enable') }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('turn'), count: fc.integer({ min: 1, max: 20 }) }), weight: 4 },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const opening: readonly Step[] = [
  { do: 'open' },
  { do: 'open' },
  { do: 'turn', count: 20 },
  { do: 'resume', side: 'server', index: 0 },
  { do: 'resume', side: 'server', index: 1 },
];

/** Carries the steps out, then lets everybody go. @returns what came that was not sent so */
const play = async (wire: ProxiedPair, steps: readonly Step[]): Promise<string[]> => {
  const wrong: string[] = [];
  const callers: ReturnType<ProxiedPair['call']>[] = [];
  const sent = new Map<object, number>();
  const checked = new Set<object>();
  const check = (socket: (typeof callers)[number]) => {
    if (checked.has(socket)) return;
    checked.add(socket);
    let heard = 0;
    socket.on('data', (chunk: Buffer) => {
      for (const byte of chunk) {
        if (byte !== byteAt(heard)) wrong.push(`byte ${heard} is ${byte}, not ${byteAt(heard)}`);
        heard += 1;
      }
    });
  };
  for (const one of steps) {
    for (const socket of wire.served) check(socket);
    const socket = 'side' in one ? (one.side === 'caller' ? callers : wire.served)[one.index] : undefined;
    if (one.do === 'open') {
      callers.push(wire.call());
      check(callers.at(-1)!);
    } else if (one.do === 'turn' && 'count' in one) for (let n = 0; n < one.count; n += 1) await turn();
    else if (one.do === 'set' && 'toxics' in one) wire.proxy.setToxics(one.toxics.map((name) => toxics[name]));
    else if (one.do === 'refuse') await wire.refuse();
    else if (one.do === 'listen') await wire.listenAgain();
    else if (one.do === 'disable') await wire.proxy.disable();
    else if (one.do === 'enable') await wire.proxy.enable();
    else if (one.do === 'write' && 'bytes' in one && socket?.writable) {
      const from = sent.get(socket) ?? 0;
      socket.write(Buffer.from(Array.from({ length: one.bytes }, (_, n) => byteAt(from + n))));
      sent.set(socket, from + one.bytes);
    } else if (one.do === 'end') socket?.end();
    else if (one.do === 'reset') socket?.resetAndDestroy();
    else if (one.do === 'destroy') socket?.destroy();
    else if (one.do === 'pause') socket?.pause();
    else if (one.do === 'resume') socket?.resume();
  }
  wire.proxy.setToxics([]);
  for (const socket of [...callers, ...wire.served]) socket.destroy();
  await vi.waitFor(
    () => {
      for (const socket of wire.served) socket.destroy();
      expect(wire.proxy.meter.openConnections).toBe(0);
    },
    { timeout: 10_000, interval: 2 },
  );
  return wrong;
};

describe('a TCP proxy whose peers end abruptly', () => {
  it('keeps no connection and no handle, and no byte out of place, in whatever order things happen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const before = handles();
        {
          await using wire = await startProxiedPair();
          expect(await play(wire, [...opening, ...steps])).toEqual([]);
        }
        await vi.waitFor(() => expect(handles()).toBe(before), { timeout: 10_000, interval: 2 });
      }),
      { numRuns: 150, interruptAfterTimeLimit: 8_000 },
    );
  });

  it('leaves no handle and hardly more memory after 10,000 connections', { timeout: 60_000 }, async () => {
    const before = handles();
    await using wire = await startProxiedPair({ echo: true });
    const round = async (count: number) => {
      const lane = async () => {
        for (let n = 0; n < count / 50; n += 1) {
          const caller = wire.call().resume();
          caller.end('x');
          await once(caller, 'close');
        }
      };
      await Promise.all(Array.from({ length: 50 }, lane));
    };
    await round(1000);
    collect();
    const used = process.memoryUsage().heapUsed;
    await round(10_000);
    await vi.waitFor(() => expect(wire.proxy.meter.openConnections).toBe(0), { timeout: 5000 });
    collect();
    expect(wire.proxy.meter.connections).toBe(11_000);
    expect(process.memoryUsage().heapUsed - used).toBeLessThan(8e6);
    await wire[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(handles()).toBe(before), { timeout: 5000, interval: 5 });
  });
});
