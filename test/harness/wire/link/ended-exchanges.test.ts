import { describe, expect, it } from 'vitest';
import type { EndedExchange } from '../../../../harness/wire/link/link-proxy.ts';
import { createWire } from '../../../../harness/wire/wire.ts';
import { linkWith, startUpstream } from '../../../support/wire.ts';

/** A wire of one link, and all that it tells of exchanges. The upstream answers at once, but for `/never`. */
const watched = async (status = 200) => {
  const arrived = Promise.withResolvers<void>();
  const upstream = await startUpstream(({ url }, response) => {
    if (url === '/never') arrived.resolve();
    else response.writeHead(status).end('{}');
  });
  const link = linkWith();
  const wire = await createWire({
    links: [{ link, upstreamOrigin: upstream.origin }],
    seed: 1,
    onEvent: () => undefined,
    onBroken: () => undefined,
  });
  const ended: EndedExchange[] = [];
  const waiting = new Set<() => void>();
  wire.watch((of, exchange) => {
    expect(of).toBe(link);
    ended.push(exchange);
    for (const notify of waiting) notify();
  });
  return {
    ended,
    /** A request for `/never` is at the upstream. */
    arrived: arrived.promise,
    origin: wire.originOf(link.id),
    /** Resolves when so many exchanges have ended. */
    until: (count: number) =>
      new Promise<void>((resolve) => {
        const check = () => void (ended.length >= count && resolve());
        waiting.add(check);
        check();
      }),
    async [Symbol.asyncDispose]() {
      await wire.close();
      await upstream.close();
    },
  };
};

const now = () => performance.timeOrigin + performance.now();

describe('exchanges of the live wire that are over', () => {
  it('are told with their times and the status that the caller got', async () => {
    await using test = await watched(503);
    const before = now();
    const response = await fetch(test.origin);
    await response.text();
    await test.until(1);
    const [{ startMs, endMs, status } = { startMs: 0, endMs: 0, status: -1 }] = test.ended;
    expect(status).toBe(503);
    const moments = [before, startMs, endMs, now()];
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  });

  it('are told without a status where the caller gives up', async () => {
    await using test = await watched();
    const patience = new AbortController();
    const asked = fetch(`${test.origin}/never`, { signal: patience.signal });
    asked.catch(() => undefined);
    await test.arrived;
    patience.abort();
    await expect(asked).rejects.toThrow();
    await test.until(1);
    expect(test.ended[0]!.status).toBe(0);
    await (await fetch(test.origin)).text();
    await test.until(2);
    expect(test.ended[1]!.status).toBe(200);
  });
});
