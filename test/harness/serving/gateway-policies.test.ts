import { describe, expect, it, vi } from 'vitest';
import { policiesOff } from '../../support/designs.ts';
import { answersAfter, ask, blackhole, fails, inTurn, linkId, refuses } from '../../support/fake-links.ts';
import { rowLabelled } from '../../support/model.ts';
import { useVirtualGateway } from '../../support/virtual-gateway.ts';

const FIRST = linkId('aws', 'us-east-1');
const SECOND = linkId('azure', 'westeurope');

const run = useVirtualGateway(['aws', 'us-east-1'], ['azure', 'westeurope']);

const shareServedBy = (seen: readonly { readonly servedBy: string | null }[], id: string) =>
  seen.filter(({ servedBy }) => servedBy === id).length / seen.length;

describe('hedging', () => {
  it('asks the next link when the first is slow, and aborts the loser', async () => {
    await run.start();
    run.links.set(FIRST, answersAfter(280));
    expect(await run.send()).toMatchObject({ servedBy: SECOND, degraded: null, elapsedMs: 190 });
    expect(run.links.aborted(FIRST)).toBe(1);
  });

  it('lets the first win when it is faster after all, and aborts the hedge', async () => {
    await run.start();
    run.links.set(FIRST, answersAfter(160));
    expect(await run.send()).toMatchObject({ servedBy: FIRST, elapsedMs: 160 });
    expect(run.links.aborted(SECOND)).toBe(1);
  });

  it('does not happen when the design has it off', async () => {
    await run.start({ hedging: false });
    run.links.set(FIRST, answersAfter(280));
    expect(await run.send()).toMatchObject({ servedBy: FIRST, elapsedMs: 280 });
  });

  it('teaches the breaker that a link is always overtaken', async () => {
    await run.start({ healthChecks: false });
    run.links.set(FIRST, answersAfter(280));
    await run.sendLoad(50, 2000);
    expect(run.events).toContain(`breaker for ${FIRST} opened`);
    expect(await run.send()).toMatchObject({ servedBy: SECOND });
  });

  it('stops when the budget is used up', async () => {
    await run.start({
      healthChecks: false,
      circuitBreaker: false,
      routing: { failover: true },
      retry: { budgetRatio: 0, budgetMinPerS: 0.3 },
    });
    run.links.set(FIRST, answersAfter(280));
    const before = run.links.requests(SECOND);
    await Promise.all([run.sendLoad(100, 100)]);
    expect(run.links.requests(SECOND) - before).toBeLessThanOrEqual(3 + 10);
    expect(run.links.aborted(FIRST)).toBe(3);
  });
});

describe('credential refresh', () => {
  it('gets the new credential on the first refusal, and the caller sees nothing of it', async () => {
    await run.start();
    run.links.revoke('aws');
    run.links.publish('aws');
    expect(await run.send()).toMatchObject({ status: 200, servedBy: FIRST });
    expect(run.events).toContain('credential of aws refreshed');
  });

  it('reads the secret once for many refusals at a time', async () => {
    await run.start({ healthChecks: false, costGuard: false });
    run.links.revoke('aws');
    run.links.publish('aws');
    const before = run.links.requests('aws/secret');
    const seen = await run.sendLoad(500, 100);
    expect(seen.every(({ status, degraded }) => status === 200 && degraded === null)).toBe(true);
    expect(run.links.requests('aws/secret') - before).toBe(1);
  });

  it('leaves the refused provider alone while no new credential is to be had, and comes back when there is one', async () => {
    await run.start({ healthChecks: false, costGuard: false });
    run.links.revoke('aws');
    const before = { secret: run.links.requests('aws/secret'), link: run.links.requests(FIRST) };
    const during = await run.sendLoad(50, 4000);
    expect(during.every(({ status, servedBy }) => status === 200 && servedBy === SECOND)).toBe(true);
    // Four seconds and the two in which the load's last answers are awaited, one reading in half a second at most.
    expect(run.links.requests('aws/secret') - before.secret).toBeLessThanOrEqual(10);
    expect(run.links.requests(FIRST) - before.link).toBeLessThanOrEqual(12);
    expect(run.events.filter((text) => text.includes('breaker'))).toEqual([]);

    run.links.publish('aws');
    const after = await run.sendLoad(50, 2000);
    expect(after.every(({ status, degraded }) => status === 200 && degraded === null)).toBe(true);
    expect(shareServedBy(after.slice(50), FIRST)).toBe(1);
  });

  it('never recovers when the design has it off', async () => {
    await run.start({ credentialRefresh: false });
    run.links.revoke('aws');
    run.links.publish('aws');
    const seen = await run.sendLoad(20, 5000);
    expect(shareServedBy(seen, FIRST)).toBe(0);
  });

  it('degrades meanwhile when no other provider is left', async () => {
    await run.start();
    run.links.revoke('aws');
    run.links.revoke('azure');
    const during = await run.sendLoad(20, 2000);
    expect(during.every(({ degraded }) => degraded === 'fallback-model')).toBe(true);
    run.links.publish('azure');
    const after = await run.sendLoad(20, 2000);
    expect(shareServedBy(after.slice(20), SECOND)).toBe(1);
  });

  it('outlives a token endpoint that is down, as soon as it is up again', async () => {
    await run.start({ routing: { failover: true } });
    run.links.set(FIRST, refuses);
    run.links.set('azure/token', refuses);
    run.links.expireTokens();
    expect(await run.send()).toMatchObject({ degraded: 'fallback-model' });
    run.links.set('azure/token', answersAfter(5));
    await vi.advanceTimersByTimeAsync(600);
    expect(await run.send()).toMatchObject({ servedBy: SECOND });
  });
});

describe('cost guard', () => {
  it('leaves a link whose price rises over the limit, and comes back when it falls', async () => {
    await run.start();
    expect(await run.send()).toMatchObject({ servedBy: FIRST });
    run.links.setUsdPerHour(FIRST, 36);
    await vi.advanceTimersByTimeAsync(1100);
    // 36 USD an hour, 40 ms on one of 4 slots: 0.1 USD per 1,000.
    expect(run.events).toContain(`cost guard left ${FIRST}: 0.1 USD per 1k over 0.02`);
    expect(await run.send()).toMatchObject({ servedBy: SECOND });
    run.links.setUsdPerHour(FIRST, 0.36);
    await vi.advanceTimersByTimeAsync(1100);
    expect(run.events).toContain(`cost guard came back to ${FIRST}: 0.001 USD per 1k within 0.02`);
    expect(await run.send()).toMatchObject({ servedBy: FIRST });
  });

  it('keeps the last price while the price endpoint is down', async () => {
    await run.start();
    run.links.setUsdPerHour(FIRST, 36);
    await vi.advanceTimersByTimeAsync(1100);
    run.links.set('aws/price', refuses);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await run.send()).toMatchObject({ servedBy: SECOND });
  });

  it('uses the dear link all the same when the cheaper one is down', async () => {
    await run.start();
    run.links.setUsdPerHour(FIRST, 36);
    await vi.advanceTimersByTimeAsync(1100);
    run.links.set(SECOND, refuses);
    expect(await run.send()).toMatchObject({ servedBy: FIRST, degraded: null });
  });

  it('does not hedge to a dear link', async () => {
    await run.start({ routing: { failover: true } });
    run.links.setUsdPerHour(FIRST, 36);
    await vi.advanceTimersByTimeAsync(1100);
    run.links.set(SECOND, answersAfter(280));
    expect(await run.send()).toMatchObject({ servedBy: SECOND, elapsedMs: 280 });
  });

  it('does nothing when the design has it off', async () => {
    await run.start({ costGuard: false });
    run.links.setUsdPerHour(FIRST, 36);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await run.send()).toMatchObject({ servedBy: FIRST });
    expect(run.links.requests('aws/price')).toBe(0);
  });
});

describe('retry', () => {
  it('goes to another link, not to the one that failed', async () => {
    await run.start({ hedging: false });
    run.links.set(FIRST, fails(503));
    expect(await run.send()).toMatchObject({ servedBy: SECOND, degraded: null });
    expect(run.links.requests(FIRST)).toBe(2);
  });

  it('goes to the same link where there is no other', async () => {
    await run.start({ hedging: false, routing: { failover: false }, healthChecks: false });
    run.links.set(FIRST, inTurn(fails(503), answersAfter(40)));
    expect(await run.send()).toMatchObject({ servedBy: FIRST, degraded: null });
  });

  it('leaves a throttled link for the next without opening its breaker', async () => {
    await run.start({ hedging: false });
    run.links.set(FIRST, fails(429));
    const seen = await run.sendLoad(50, 5000);
    expect(seen.every(({ status, degraded }) => status === 200 && degraded === null)).toBe(true);
    expect(run.events.filter((text) => text.includes('breaker') || text.includes('unhealthy'))).toEqual([]);
  });

  it('does not retry an input that a provider refuses', async () => {
    await run.start();
    run.links.set(FIRST, fails(400));
    const before = run.links.requests(SECOND);
    expect(await run.send()).toMatchObject({ status: 400, degraded: null });
    expect(run.links.requests(SECOND)).toBe(before);
  });

  it('does not happen when the design has it off', async () => {
    await run.start({ retry: false, hedging: false });
    run.links.set(FIRST, refuses);
    expect(await run.send()).toMatchObject({ degraded: 'fallback-model' });
  });
});

describe('routing', () => {
  it('by latency goes to the fastest, and follows when that changes', async () => {
    await run.start({ routing: { policy: 'latency' } });
    run.links.set(FIRST, answersAfter(90));
    await run.sendLoad(20, 3000);
    expect(await run.send()).toMatchObject({ servedBy: SECOND });
    run.links.set(SECOND, answersAfter(140));
    run.links.set(FIRST, answersAfter(30));
    await run.sendLoad(20, 3000);
    expect(await run.send()).toMatchObject({ servedBy: FIRST });
  });

  it('by latency counts an answer that never came as slow', async () => {
    await run.start({ routing: { policy: 'latency' }, healthChecks: false, circuitBreaker: false, hedging: false });
    run.links.set(SECOND, answersAfter(60));
    await run.sendLoad(20, 500);
    run.links.set(FIRST, blackhole);
    await run.sendLoad(20, 500);
    // Long enough that the strain of the failures has faded: what is left is the estimate.
    await vi.advanceTimersByTimeAsync(3000);
    expect(await run.send()).toMatchObject({ servedBy: SECOND, elapsedMs: 60 });
  });

  it('by cost goes to the cheapest, with the cost guard off too', async () => {
    await run.start({ routing: { policy: 'cost' }, costGuard: false });
    expect(await run.send()).toMatchObject({ servedBy: FIRST });
    run.links.setUsdPerHour(SECOND, 0.1);
    await vi.advanceTimersByTimeAsync(5100);
    expect(await run.send()).toMatchObject({ servedBy: SECOND });
  });

  it('without failover stays with the first link, come what may', async () => {
    await run.start({ routing: { failover: false }, degrade: false });
    run.links.set(FIRST, refuses);
    const before = run.links.requests(SECOND);
    const seen = await run.sendLoad(20, 1000);
    expect(seen.every(({ status }) => status === 503)).toBe(true);
    // Health checks go on, once a second.
    expect(run.links.requests(SECOND) - before).toBeLessThanOrEqual(3);
  });
});

describe('with every policy off', () => {
  it('is a client of the first link, that waits as long as it takes', async () => {
    await run.start(policiesOff);
    expect(await run.send()).toMatchObject({ servedBy: FIRST, elapsedMs: 40 });
    run.links.set(FIRST, answersAfter(4000));
    expect(await run.send()).toMatchObject({ servedBy: FIRST, elapsedMs: 4000 });
    run.links.set(FIRST, blackhole);
    expect(await run.send()).toBeUndefined();
    expect(run.links.requests(SECOND)).toBe(0);
  });

  it('makes one attempt a request', async () => {
    await run.start(policiesOff);
    run.links.set(FIRST, refuses);
    expect(await run.send()).toMatchObject({ status: 503 });
    expect(run.links.requests(FIRST)).toBe(1);
  });

  it('does not heed a deadline of the caller', async () => {
    const gateway = await run.start(policiesOff);
    const seen = ask(gateway, [rowLabelled(1)], { headers: { 'x-squall-deadline-ms': '10' } });
    await vi.advanceTimersByTimeAsync(100);
    expect(await seen).toMatchObject({ status: 200, elapsedMs: 40 });
  });
});

describe('the caller', () => {
  it('shortens the deadline by a header', async () => {
    const gateway = await run.start({ degrade: false, hedging: false });
    for (const id of [FIRST, SECOND]) run.links.set(id, blackhole);
    const seen = ask(gateway, [rowLabelled(1)], { headers: { 'x-squall-deadline-ms': '120' } });
    await vi.advanceTimersByTimeAsync(500);
    expect(await seen).toMatchObject({ status: 504, elapsedMs: 120 });
  });

  it('does not open a breaker by giving no time', async () => {
    const gateway = await run.start({ healthChecks: false, hedging: false });
    run.links.set(FIRST, answersAfter(100));
    for (let n = 0; n < 10; n += 1) {
      const seen = ask(gateway, [rowLabelled(1)], { headers: { 'x-squall-deadline-ms': '40' } });
      await vi.advanceTimersByTimeAsync(50);
      expect(await seen).toMatchObject({ degraded: 'fallback-model' });
    }
    expect(run.events.filter((text) => text.includes('breaker'))).toEqual([]);
    expect(await run.send()).toMatchObject({ servedBy: FIRST });
  });

  it('ends the work when it goes away', async () => {
    const gateway = await run.start();
    run.links.set(FIRST, blackhole);
    const caller = new AbortController();
    const seen = ask(gateway, [rowLabelled(1)], { signal: caller.signal });
    await vi.advanceTimersByTimeAsync(60);
    const before = run.links.requests(SECOND);
    caller.abort();
    await vi.advanceTimersByTimeAsync(500);
    expect(await seen).toMatchObject({ status: 499 });
    expect(run.links.aborted(FIRST)).toBe(1);
    expect(run.links.requests(SECOND)).toBe(before);
  });

  it('does not open a breaker by going away', async () => {
    const gateway = await run.start({ healthChecks: false, hedging: false });
    run.links.set(FIRST, answersAfter(200));
    for (let n = 0; n < 10; n += 1) {
      const caller = new AbortController();
      void ask(gateway, [rowLabelled(1)], { signal: caller.signal });
      await vi.advanceTimersByTimeAsync(100);
      caller.abort();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(run.events.filter((text) => text.includes('breaker'))).toEqual([]);
    expect(await run.send()).toMatchObject({ servedBy: FIRST });
  });
});

describe('a deadline without attempt time-out', () => {
  it('opens the breaker of a link that lets it pass', async () => {
    await run.start({ healthChecks: false, hedging: false, attemptTimeoutMs: false });
    run.links.set(FIRST, blackhole);
    const seen = await run.sendLoad(20, 2000);
    expect(run.events).toContain(`breaker for ${FIRST} opened`);
    expect(shareServedBy(seen.slice(-10), SECOND)).toBe(1);
  });
});

describe('stop', () => {
  it('ends requests that are under way, and takes no more', async () => {
    const gateway = await run.start();
    run.links.set(FIRST, blackhole);
    const seen = ask(gateway, [rowLabelled(1)]);
    await vi.advanceTimersByTimeAsync(20);
    gateway.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(await seen).toMatchObject({ status: 503 });
    expect(vi.getTimerCount()).toBe(0);
    expect(await ask(gateway, [rowLabelled(1)])).toMatchObject({ status: 503 });
  });
});
