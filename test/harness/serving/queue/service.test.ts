import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createQueueClient } from '../../../../harness/serving/queue/client.ts';
import { type Broker, BrokerUnavailable, JobRefused } from '../../../../harness/serving/queue/job-queue.ts';
import { createMemoryStore } from '../../../../harness/serving/queue/memory-store.ts';
import { createQueueService, type QueueService } from '../../../../harness/serving/queue/service.ts';
import type { QueueStore } from '../../../../harness/serving/queue/store.ts';
import { CONTRACT_MAX_RECEIVES, describeBroker } from './broker-contract.ts';

const { signal } = new AbortController();
const RULES = { maxReceives: CONTRACT_MAX_RECEIVES, maxDepth: 100, retentionMs: 1000 };

let store: QueueStore;
let service: QueueService;
let broker: Broker;

const raise = (rules = RULES) => {
  service = createQueueService(store, rules);
  service.start();
  broker = createQueueClient({
    origin: 'http://queue.test',
    fetch: async (input, init) => service.fetch(new Request(input, init)),
    timeoutMs: 1000,
  });
};

beforeEach(() => {
  vi.useFakeTimers();
  store = createMemoryStore();
  raise();
});
afterEach(() => {
  service.stop();
  const timersLeft = vi.getTimerCount();
  vi.useRealTimers();
  expect(timersLeft).toBe(0);
});

describeBroker('the queue service', {
  broker: () => broker,
  pass: async (ms) => {
    await vi.advanceTimersByTimeAsync(ms);
  },
  tickMs: 100,
});

const job = { id: 'a', body: '{}', attributes: {} };

/** What a promise came to once that much time has passed; undefined while it is open. */
const settledAfter = async <Result>(ms: number, promise: Promise<Result>): Promise<Result | undefined> => {
  let result: Result | undefined;
  promise.then(
    (value) => {
      result = value;
    },
    () => undefined,
  );
  await vi.advanceTimersByTimeAsync(ms);
  return result;
};

describe('waiting at the queue service', () => {
  it('ends as soon as a job comes', async () => {
    const received = broker.queue.receive({ max: 1, visibilityMs: 50, waitMs: 1000 }, signal);
    expect(await settledAfter(500, received)).toBeUndefined();
    await broker.queue.send(job, signal);
    expect(await settledAfter(1, received)).toMatchObject([{ job }]);
  });

  it('ends when a lease does, at the moment', async () => {
    await broker.queue.send(job, signal);
    await broker.queue.receive({ max: 1, visibilityMs: 300, waitMs: 0 }, signal);
    const received = broker.queue.receive({ max: 1, visibilityMs: 50, waitMs: 1000 }, signal);
    expect(await settledAfter(299, received)).toBeUndefined();
    expect(await settledAfter(1, received)).toMatchObject([{ job, receives: 2 }]);
  });

  it('ends empty-handed when the time is over', async () => {
    const received = broker.queue.receive({ max: 1, visibilityMs: 50, waitMs: 1000 }, signal);
    expect(await settledAfter(999, received)).toBeUndefined();
    expect(await settledAfter(2, received)).toEqual([]);
  });

  it('leaves a job to others when whoever waited for it has gone', async () => {
    const gone = new AbortController();
    const received = broker.queue.receive({ max: 1, visibilityMs: 5000, waitMs: 1000 }, gone.signal).catch(() => []);
    await vi.advanceTimersByTimeAsync(10);
    gone.abort(new Error('gone'));
    await received;
    await broker.queue.send(job, signal);
    expect(await broker.queue.receive({ max: 1, visibilityMs: 50, waitMs: 0 }, signal)).toMatchObject([{ receives: 1 }]);
  });

  it('for a result ends with it, or with the death of its job', async () => {
    await broker.queue.send(job, signal);
    const result = { jobId: 'a', status: 200, headers: {}, body: 'x' };
    const seen = broker.results.get('a', 1000, signal);
    expect(await settledAfter(100, seen)).toBeUndefined();
    await broker.results.put(result, signal);
    expect(await settledAfter(1, seen)).toEqual(result);

    await broker.queue.send({ ...job, id: 'b' }, signal);
    const ofDead = vi.fn();
    void broker.results.get('b', 1000, signal).then(ofDead);
    for (const lease of await broker.queue.receive({ max: 9, visibilityMs: 50, waitMs: 0 }, signal)) {
      await broker.queue.bury(lease, 'no', signal);
    }
    await vi.advanceTimersByTimeAsync(1);
    expect(ofDead).toHaveBeenCalledWith(undefined);
  });
});

describe('the queue service', () => {
  it('has after a crash what it had: only those who waited notice', async () => {
    await broker.queue.send(job, signal);
    const [lease] = await broker.queue.receive({ max: 1, visibilityMs: 500, waitMs: 0 }, signal);
    service.stop();
    raise();
    expect(await broker.stateOf('a', signal)).toEqual({ type: 'leased', receives: 1 });
    expect(await broker.queue.complete(lease!, signal)).toBe(true);
  });

  it('takes nothing once it is stopped', async () => {
    service.stop();
    await expect(broker.queue.send(job, signal)).rejects.toThrow(BrokerUnavailable);
    expect(store.stateOf('a', Date.now())).toBeUndefined();
  });

  it('refuses one job more than it may hold, but knows those that it has', async () => {
    service.stop();
    raise({ ...RULES, maxDepth: 1 });
    await broker.queue.send(job, signal);
    await expect(broker.queue.send({ ...job, id: 'b' }, signal)).rejects.toThrow('The queue is full: it holds 1 jobs.');
    expect(await broker.queue.send(job, signal)).toBe('known');
  });

  it('says what is wrong with a message', async () => {
    await expect(broker.queue.send({ ...job, id: '' }, signal)).rejects.toThrow(JobRefused);
    await expect(broker.queue.send({ ...job, id: '' }, signal)).rejects.toThrow(/^id: /);
  });

  it('puts jobs back for ever where there are no dead letters', async () => {
    service.stop();
    raise({ ...RULES, maxReceives: Number.POSITIVE_INFINITY });
    await broker.queue.send(job, signal);
    for (let receives = 1; receives <= 10; receives += 1) {
      const [lease] = await broker.queue.receive({ max: 1, visibilityMs: 50, waitMs: 0 }, signal);
      expect(lease?.receives).toBe(receives);
      await broker.queue.bury(lease!, 'cannot be read', signal);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(await broker.deadLetters.list(9, signal)).toEqual([]);
  });

  it('forgets what was done long ago', async () => {
    await broker.queue.send(job, signal);
    const [lease] = await broker.queue.receive({ max: 1, visibilityMs: 50, waitMs: 0 }, signal);
    await broker.queue.complete(lease!, signal);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(await broker.stateOf('a', signal)).toBeUndefined();
  });
});
