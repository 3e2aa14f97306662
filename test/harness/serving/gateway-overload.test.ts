import { describe, expect, it, vi } from 'vitest';
import { ask, blackhole, linkId } from '../../support/fake-links.ts';
import { rowLabelled } from '../../support/model.ts';
import { useVirtualGateway } from '../../support/virtual-gateway.ts';

const gateway = useVirtualGateway(['aws', 'us-east-1'], ['azure', 'eastus']);
const [first, second] = [linkId('aws', 'us-east-1'), linkId('azure', 'eastus')];

/** Nothing that hides what is under test, and checks that come when the tests are over. */
const BARE = { degrade: false, hedging: false, healthChecks: false, retry: false } as const;

const settleAll = async <Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> => {
  const all = Promise.all(work);
  await vi.advanceTimersByTimeAsync(5000);
  return all;
};

describe('a gateway with admission', () => {
  it('refuses what is too much at once, says when to come again, and does not read it', async () => {
    const running = await gateway.start({ ...BARE, admission: { limit: 'fixed', maxInFlight: 1, queueLimit: 0 } });
    const body = JSON.stringify({ inputs: [{ name: 'pixels', shape: [1, 64], datatype: 'FP32', data: rowLabelled(3) }] });
    const requestOf = () =>
      new Request('http://gateway.test/v2/models/digits/infer', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    const one = running.fetch(requestOf());
    const other = requestOf();
    const refused = await running.fetch(other);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(other.bodyUsed).toBe(false);
    const [answered] = await settleAll([one]);
    expect(answered!.status).toBe(200);
    expect(gateway.events).toContainEqual(expect.stringContaining('requests refused'));
  });

  it('serves the critical before the others, and the tenant that has asked for least', async () => {
    const running = await gateway.start({ ...BARE, admission: { limit: 'fixed', maxInFlight: 1, queueLimit: 10 } });
    const ended: string[] = [];
    const send = (name: string, headers: Record<string, string>) =>
      ask(running, [rowLabelled(3)], { headers }).then(({ status }) => ended.push(`${name} ${status}`));
    const noisy = { 'x-squall-tenant': 'noisy' };
    const all = [
      send('first', noisy),
      send('noisy', noisy),
      send('sheddable', { 'x-squall-tenant': 'calm', 'x-squall-priority': 'sheddable' }),
      send('calm', { 'x-squall-tenant': 'calm' }),
      send('critical', { ...noisy, 'x-squall-priority': 'critical' }),
    ];
    await settleAll(all);
    expect(ended).toEqual(['first 200', 'critical 200', 'noisy 200', 'calm 200', 'sheddable 200']);
  });

  it('ends those that wait when it is stopped', async () => {
    gateway.links.set(first, blackhole);
    gateway.links.set(second, blackhole);
    const running = await gateway.start({ ...BARE, admission: { limit: 'fixed', maxInFlight: 1, maxWaitMs: 10_000 } });
    const all = [ask(running, [rowLabelled(1)]), ask(running, [rowLabelled(2)])];
    await vi.advanceTimersByTimeAsync(20);
    running.stop();
    expect((await settleAll(all)).map(({ status }) => status)).toEqual([503, 503]);
  });
});

describe('a gateway with a bulkhead', () => {
  it('has no more attempts on a link than it may, and asks the next for the others', async () => {
    gateway.links.set(first, blackhole);
    const running = await gateway.start({ ...BARE, attemptTimeoutMs: 900, circuitBreaker: false, bulkhead: { maxInFlight: 2 } });
    const seen = await settleAll([0, 1, 2, 3].map((label) => ask(running, [rowLabelled(label)])));
    expect(gateway.links.requests(first)).toBe(2);
    expect(seen.map(({ status }) => status)).toEqual([503, 503, 200, 200]);
    expect(seen[3]!.servedBy).toBe(second);
  });
});

describe('a gateway with few connections', () => {
  it('lets attempts wait for one, within their time-out', async () => {
    const running = await gateway.start({ ...BARE, connections: { max: 1 } });
    const seen = await settleAll([0, 1, 2].map((label) => ask(running, [rowLabelled(label)])));
    expect(seen.map(({ elapsedMs }) => Math.round(elapsedMs / 40))).toEqual([1, 2, 3]);
    gateway.links.set(first, blackhole);
    const late = await settleAll([0, 1].map((label) => ask(running, [rowLabelled(label)])));
    expect(late.map(({ status }) => status)).toEqual([503, 503]);
  });
});

describe('a gateway with coalescing', () => {
  it('asks once for what many ask for at the same time', async () => {
    const running = await gateway.start({ ...BARE, coalescing: {} });
    const seen = await settleAll([3, 3, 3, 4].map((label) => ask(running, [rowLabelled(label)])));
    expect(gateway.links.requests(first)).toBe(2);
    expect(seen.every(({ status, servedBy }) => status === 200 && servedBy === first)).toBe(true);
  });
});

describe('a gateway with slow start', () => {
  it('gives a link that is back a part of the requests, and all of them in the end', async () => {
    const running = await gateway.start({
      ...BARE,
      retry: {},
      circuitBreaker: { consecutiveFailures: 1, halfOpenAfterMs: 100 },
      attemptTimeoutMs: 50,
      slowStart: { windowMs: 2000 },
    });
    gateway.links.set(first, blackhole);
    await settleAll([ask(running, [rowLabelled(1)])]);
    gateway.links.set(first, async (answer, request) => answer(request));
    const sendMany = async (): Promise<number> => {
      const seen: Awaited<ReturnType<typeof ask>>[] = [];
      for (let sent = 0; sent < 40; sent += 1) {
        const pending = ask(running, [rowLabelled(1)]);
        await vi.advanceTimersByTimeAsync(5);
        await vi.advanceTimersByTimeAsync(45);
        seen.push(await pending);
      }
      return seen.filter(({ servedBy }) => servedBy === first).length;
    };
    const atFirst = await sendMany();
    expect(atFirst).toBeGreaterThan(10);
    expect(atFirst).toBeLessThan(30);
    expect(await sendMany()).toBe(40);
  });
});
