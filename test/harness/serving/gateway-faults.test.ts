import { describe, expect, it, vi } from 'vitest';
import { answersAfter, blackhole, fails, linkId, refuses } from '../../support/fake-links.ts';
import { useVirtualGateway } from '../../support/virtual-gateway.ts';

const FIRST = linkId('aws', 'us-east-1');
const SECOND = linkId('azure', 'westeurope');
const THIRD = linkId('aws', 'eu-west-1');

const run = useVirtualGateway(['aws', 'us-east-1'], ['azure', 'westeurope'], ['aws', 'eu-west-1']);

describe('given all links are up', () => {
  it('answers by the first link, undegraded', async () => {
    await run.start();
    const seen = await run.send(7);
    expect(seen).toMatchObject({ status: 200, servedBy: FIRST, degraded: null, elapsedMs: 40 });
    expect(seen?.body).toMatchObject({
      model_name: 'digits',
      outputs: [{ name: 'label', data: [7] }, { name: 'probabilities' }],
    });
  });
});

describe('given the first link is a black hole', () => {
  it('is answered by the second within the deadline', async () => {
    await run.start();
    run.links.set(FIRST, blackhole);
    const seen = await run.send();
    expect(seen).toMatchObject({ status: 200, servedBy: SECOND, degraded: null });
    expect(seen?.elapsedMs).toBeLessThan(300);
  });

  it('stops asking it after a few requests, by the breaker alone', async () => {
    await run.start({ healthChecks: false });
    run.links.set(FIRST, blackhole);
    await run.sendLoad(50, 1000);
    const asked = run.links.requests(FIRST);
    expect(asked).toBeLessThan(20);
    expect(run.links.aborted(FIRST)).toBe(asked);
    expect(run.events).toContain(`breaker for ${FIRST} opened`);
    // The load's last answers were waited for two seconds: a probe is due, and after it none for two seconds more.
    await run.sendLoad(50, 1000);
    expect(run.links.requests(FIRST)).toBe(asked + 1);
  });

  it('stops asking it after two checks, by the health checks alone', async () => {
    await run.start({ circuitBreaker: false });
    run.links.set(FIRST, blackhole);
    await vi.advanceTimersByTimeAsync(2600);
    expect(run.events).toContain(`link ${FIRST} unhealthy: No answer in 500 ms.`);
    expect(await run.send()).toMatchObject({ servedBy: SECOND, elapsedMs: 40 });
  });

  it('comes back to it when it is up again', async () => {
    await run.start();
    run.links.set(FIRST, blackhole);
    await run.sendLoad(20, 4000);
    run.links.set(FIRST, answersAfter(40));
    await vi.advanceTimersByTimeAsync(3000);
    expect(run.events.some((text) => text === `link ${FIRST} healthy`)).toBe(true);
    await run.send();
    expect(await run.send()).toMatchObject({ servedBy: FIRST, elapsedMs: 40 });
  });

  it('answers every request of a load, all but a few at once', async () => {
    await run.start();
    run.links.set(FIRST, blackhole);
    const seen = await run.sendLoad(100, 10_000);
    expect(seen.every(({ status, degraded }) => status === 200 && degraded === null)).toBe(true);
    expect(Math.max(...seen.map(({ elapsedMs }) => elapsedMs))).toBeLessThan(400);
    expect(seen.filter(({ elapsedMs }) => elapsedMs > 60).length / seen.length).toBeLessThan(0.05);
    expect(run.events.length).toBeLessThan(20);
  });
});

describe('given every link is down', () => {
  for (const [how, behaviour] of Object.entries({ refuses, blackhole, fails: fails(503) })) {
    it(`answers by the first rung of the ladder within the deadline, marked (${how})`, async () => {
      await run.start();
      for (const id of [FIRST, SECOND, THIRD]) run.links.set(id, behaviour);
      const seen = await run.send(4);
      expect(seen).toMatchObject({ status: 200, servedBy: 'local/fallback-model', degraded: 'fallback-model' });
      expect(seen?.elapsedMs).toBeLessThanOrEqual(1000);
    });
  }

  it('goes down the ladder in order: what is cached first, rules for the rest', async () => {
    await run.start({ degrade: { ladder: ['cached-prediction', 'rules'] } });
    await run.send(5);
    for (const id of [FIRST, SECOND, THIRD]) run.links.set(id, refuses);
    expect(await run.send(5)).toMatchObject({ servedBy: 'local/cached-prediction', degraded: 'cached-prediction' });
    expect(await run.send(6)).toMatchObject({ servedBy: 'local/rules', degraded: 'rules' });
  });

  it('answers 503 when the design has no ladder', async () => {
    await run.start({ degrade: false });
    for (const id of [FIRST, SECOND, THIRD]) run.links.set(id, refuses);
    expect(await run.send()).toMatchObject({ status: 503, servedBy: null, degraded: null });
  });

  it('answers 504 at the deadline when nothing else is on', async () => {
    await run.start({ degrade: false, hedging: false, attemptTimeoutMs: false, retry: false });
    run.links.set(FIRST, blackhole);
    expect(await run.send()).toMatchObject({ status: 504, elapsedMs: 1000 });
  });

  it('tries excluded links all the same when nothing else can answer', async () => {
    await run.start({ degrade: false });
    for (const id of [FIRST, SECOND, THIRD]) run.links.set(id, refuses);
    await vi.advanceTimersByTimeAsync(3000);
    expect(run.events.filter((text) => text.includes('unhealthy'))).toHaveLength(3);
    run.links.set(FIRST, answersAfter(40));
    expect(await run.send()).toMatchObject({ status: 200, servedBy: FIRST });
  });

  it('tries excluded links when the ladder has no answer', async () => {
    await run.start({ degrade: { ladder: ['cached-prediction'] } });
    for (const id of [FIRST, SECOND, THIRD]) run.links.set(id, refuses);
    await vi.advanceTimersByTimeAsync(3000);
    run.links.set(FIRST, answersAfter(40));
    expect(await run.send()).toMatchObject({ status: 200, servedBy: FIRST });
  });
});
