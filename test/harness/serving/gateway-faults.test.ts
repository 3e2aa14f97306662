import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyPatch, type DesignPatch, referenceDesign } from '../../../harness/serving/designs.ts';
import { createGateway, type Gateway } from '../../../harness/serving/gateway.ts';
import {
  answersAfter,
  ask,
  blackhole,
  createFakeLinks,
  type FakeLinks,
  fails,
  linkId,
  refuses,
  type Seen,
} from '../../support/fake-links.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';

const FIRST = linkId('aws', 'us-east-1');
const SECOND = linkId('azure', 'westeurope');
const THIRD = linkId('aws', 'eu-west-1');

let links: FakeLinks;
let gateway: Gateway | undefined;
let events: string[];

const start = async (patch: DesignPatch = {}): Promise<Gateway> => {
  gateway = createGateway(links.config(applyPatch(referenceDesign, patch)), {
    models: stubModels,
    onEvent: (text) => events.push(text),
  });
  const started = gateway.start();
  await vi.advanceTimersByTimeAsync(50);
  await started;
  return gateway;
};

/** Sends a request and lets the virtual clock run until it is answered, or until `withinMs` is over. */
const sendAndWait = async (to: Gateway, label = 3, withinMs = 5000): Promise<Seen | undefined> => {
  let seen: Seen | undefined;
  void ask(to, [rowLabelled(label)]).then((answer) => {
    seen = answer;
  });
  for (let waitedMs = 0; waitedMs < withinMs && !seen; waitedMs += 1) await vi.advanceTimersByTimeAsync(1);
  return seen;
};

/** Sends at a constant rate for a while and waits for all answers. */
const sendLoad = async (to: Gateway, ratePerS: number, forMs: number): Promise<readonly Seen[]> => {
  const seen: Promise<Seen>[] = [];
  for (let atMs = 0; atMs < forMs; atMs += 1000 / ratePerS) {
    seen.push(ask(to, [rowLabelled(seen.length % 10)]));
    await vi.advanceTimersByTimeAsync(1000 / ratePerS);
  }
  await vi.advanceTimersByTimeAsync(2000);
  return Promise.all(seen);
};

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  links = createFakeLinks(['aws', 'us-east-1'], ['azure', 'westeurope'], ['aws', 'eu-west-1']);
  vi.stubGlobal('fetch', links.fetch);
});

afterEach(async () => {
  gateway?.stop();
  await vi.advanceTimersByTimeAsync(0);
  const left = vi.getTimerCount();
  gateway = undefined;
  vi.unstubAllGlobals();
  vi.useRealTimers();
  expect(left).toBe(0);
});

describe('given all links are up', () => {
  it('answers by the first link, undegraded', async () => {
    const seen = await sendAndWait(await start(), 7);
    expect(seen).toMatchObject({ status: 200, servedBy: FIRST, degraded: null, elapsedMs: 40 });
    expect(seen?.body).toMatchObject({
      model_name: 'digits',
      outputs: [{ name: 'label', data: [7] }, { name: 'probabilities' }],
    });
  });
});

describe('given the first link is a black hole', () => {
  it('is answered by the second within the deadline', async () => {
    const to = await start();
    links.set(FIRST, blackhole);
    const seen = await sendAndWait(to);
    expect(seen).toMatchObject({ status: 200, servedBy: SECOND, degraded: null });
    expect(seen?.elapsedMs).toBeLessThan(300);
  });

  it('stops asking it after a few requests, by the breaker alone', async () => {
    const to = await start({ healthChecks: false });
    links.set(FIRST, blackhole);
    await sendLoad(to, 50, 1000);
    const asked = links.requests(FIRST);
    expect(asked).toBeLessThan(20);
    expect(links.aborted(FIRST)).toBe(asked);
    expect(events).toContain(`breaker for ${FIRST} opened`);
    // The load's last answers were waited for two seconds: a probe is due, and after it none for two seconds more.
    await sendLoad(to, 50, 1000);
    expect(links.requests(FIRST)).toBe(asked + 1);
  });

  it('stops asking it after two checks, by the health checks alone', async () => {
    const to = await start({ circuitBreaker: false });
    links.set(FIRST, blackhole);
    await vi.advanceTimersByTimeAsync(2600);
    expect(events).toContain(`link ${FIRST} unhealthy: No answer in 500 ms.`);
    expect(await sendAndWait(to)).toMatchObject({ servedBy: SECOND, elapsedMs: 40 });
  });

  it('comes back to it when it is up again', async () => {
    const to = await start();
    links.set(FIRST, blackhole);
    await sendLoad(to, 20, 4000);
    links.set(FIRST, answersAfter(40));
    await vi.advanceTimersByTimeAsync(3000);
    expect(events.some((text) => text === `link ${FIRST} healthy`)).toBe(true);
    await sendAndWait(to);
    expect(await sendAndWait(to)).toMatchObject({ servedBy: FIRST, elapsedMs: 40 });
  });

  it('answers every request of a load, all but a few at once', async () => {
    const to = await start();
    links.set(FIRST, blackhole);
    const seen = await sendLoad(to, 100, 10_000);
    expect(seen.every(({ status, degraded }) => status === 200 && degraded === null)).toBe(true);
    expect(Math.max(...seen.map(({ elapsedMs }) => elapsedMs))).toBeLessThan(400);
    expect(seen.filter(({ elapsedMs }) => elapsedMs > 60).length / seen.length).toBeLessThan(0.05);
    expect(events.length).toBeLessThan(20);
  });
});

describe('given every link is down', () => {
  for (const [how, behaviour] of Object.entries({ refuses, blackhole, fails: fails(503) })) {
    it(`answers by the first rung of the ladder within the deadline, marked (${how})`, async () => {
      const to = await start();
      for (const id of [FIRST, SECOND, THIRD]) links.set(id, behaviour);
      const seen = await sendAndWait(to, 4);
      expect(seen).toMatchObject({ status: 200, servedBy: 'local/fallback-model', degraded: 'fallback-model' });
      expect(seen?.elapsedMs).toBeLessThanOrEqual(1000);
    });
  }

  it('goes down the ladder in order: what is cached first, rules for the rest', async () => {
    const to = await start({ degrade: { ladder: ['cached-prediction', 'rules'] } });
    await sendAndWait(to, 5);
    for (const id of [FIRST, SECOND, THIRD]) links.set(id, refuses);
    expect(await sendAndWait(to, 5)).toMatchObject({ servedBy: 'local/cached-prediction', degraded: 'cached-prediction' });
    expect(await sendAndWait(to, 6)).toMatchObject({ servedBy: 'local/rules', degraded: 'rules' });
  });

  it('answers 503 when the design has no ladder', async () => {
    const to = await start({ degrade: false });
    for (const id of [FIRST, SECOND, THIRD]) links.set(id, refuses);
    expect(await sendAndWait(to)).toMatchObject({ status: 503, servedBy: null, degraded: null });
  });

  it('answers 504 at the deadline when nothing else is on', async () => {
    const to = await start({ degrade: false, hedging: false, attemptTimeoutMs: false, retry: false });
    links.set(FIRST, blackhole);
    expect(await sendAndWait(to)).toMatchObject({ status: 504, elapsedMs: 1000 });
  });

  it('tries excluded links all the same when nothing else can answer', async () => {
    const to = await start({ degrade: false });
    for (const id of [FIRST, SECOND, THIRD]) links.set(id, refuses);
    await vi.advanceTimersByTimeAsync(3000);
    expect(events.filter((text) => text.includes('unhealthy'))).toHaveLength(3);
    links.set(FIRST, answersAfter(40));
    expect(await sendAndWait(to)).toMatchObject({ status: 200, servedBy: FIRST });
  });

  it('tries excluded links when the ladder has no answer', async () => {
    const to = await start({ degrade: { ladder: ['cached-prediction'] } });
    for (const id of [FIRST, SECOND, THIRD]) links.set(id, refuses);
    await vi.advanceTimersByTimeAsync(3000);
    links.set(FIRST, answersAfter(40));
    expect(await sendAndWait(to)).toMatchObject({ status: 200, servedBy: FIRST });
  });
});
