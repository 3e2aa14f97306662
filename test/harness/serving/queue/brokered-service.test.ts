import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBrokeredService } from '../../../../harness/serving/queue/brokered-service.ts';
import { createQueueClient } from '../../../../harness/serving/queue/client.ts';
import { type Broker, BrokerUnavailable, JobRefused } from '../../../../harness/serving/queue/job-queue.ts';
import { createMemoryStore } from '../../../../harness/serving/queue/memory-store.ts';
import { createQueueService, type QueueService } from '../../../../harness/serving/queue/service.ts';
import { CONTRACT_MAX_RECEIVES, describeBroker } from './broker-contract.ts';

const { signal } = new AbortController();
const RULES = { maxReceives: CONTRACT_MAX_RECEIVES, maxDepth: 100, retentionMs: 1000 };

/** A broker behind the service that is under test: it outlives that. */
let behind: QueueService;
let isReached: boolean;
let service: ReturnType<typeof createBrokeredService>;
let broker: Broker;

const clientOf = (serve: (request: Request) => Promise<Response>): Broker =>
  createQueueClient({
    origin: 'http://queue.test',
    fetch: async (input, init) => serve(new Request(input, init)),
    timeoutMs: 1000,
  });

const raise = (rules = RULES) => {
  const reach = clientOf(async (request) => {
    if (!isReached) throw new BrokerUnavailable('nobody there');
    return behind.fetch(request);
  });
  service = createBrokeredService(reach, rules);
  broker = clientOf((request) => service.fetch(request));
};

beforeEach(() => {
  vi.useFakeTimers();
  isReached = true;
  behind = createQueueService(createMemoryStore(), { ...RULES, maxDepth: 1000 });
  raise();
});
afterEach(() => {
  service.stop();
  behind.stop();
  vi.useRealTimers();
});

describeBroker('the queue service over a broker', {
  broker: () => broker,
  pass: async (ms) => {
    await vi.advanceTimersByTimeAsync(ms);
  },
  tickMs: 100,
});

const job = (id: string) => ({ id, body: '{}', attributes: {} });
const result = (jobId: string) => ({ jobId, status: 200, headers: {}, body: 'x' });
const receiveOne = async () => (await broker.queue.receive({ max: 1, visibilityMs: 500, waitMs: 0 }, signal))[0]!;

describe('the queue service over a broker, beyond the contract', () => {
  it('answers 503 while the broker cannot be had, and goes on when it can', async () => {
    isReached = false;
    await expect(broker.queue.send(job('a'), signal)).rejects.toThrow(BrokerUnavailable);
    isReached = true;
    expect(await broker.queue.send(job('a'), signal)).toBe('accepted');
  });

  it('refuses a job when the broker holds as many as it may, but for one that it knows', async () => {
    raise({ ...RULES, maxDepth: 2 });
    for (const id of ['a', 'b']) await broker.queue.send(job(id), signal);
    await expect(broker.queue.send(job('c'), signal)).rejects.toThrow(JobRefused);
    expect(await broker.queue.send(job('b'), signal)).toBe('known');
  });

  it('takes the end of a lease that it gave out before it was started again', async () => {
    await broker.queue.send(job('a'), signal);
    const lease = await receiveOne();
    raise();
    expect(await broker.queue.extend(lease, 500, signal)).toBe(true);
    expect(await broker.queue.complete(lease, signal)).toBe(true);
    expect(await broker.stateOf('a', signal)).toEqual({ type: 'done' });
  });

  it('does not bury a job that it no longer knows, and so does not lose it', async () => {
    await broker.queue.send(job('a'), signal);
    const lease = await receiveOne();
    raise();
    expect(await broker.queue.bury(lease, 'cannot be read', signal)).toBe(false);
    await vi.advanceTimersByTimeAsync(501);
    expect(await receiveOne()).toMatchObject({ job: job('a'), receives: 2 });
  });

  it('gives a result to whoever waits for it at once, and no word of other jobs', async () => {
    let seen: unknown;
    void broker.results.get('a', 800, signal).then((got) => {
      seen = got;
    });
    await vi.advanceTimersByTimeAsync(1);
    await broker.results.put(result('b'), signal);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toBeUndefined();
    await broker.results.put(result('a'), signal);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual(result('a'));
  });

  it('lets nobody wait for the result of a job that becomes a dead letter', async () => {
    await broker.queue.send(job('a'), signal);
    const lease = await receiveOne();
    const waiting = service.fetch(new Request('http://queue.test/results/a?waitMs=20000'));
    await vi.advanceTimersByTimeAsync(1);
    await broker.queue.bury(lease, 'cannot be read', signal);
    await vi.advanceTimersByTimeAsync(1);
    const answer = (await (await waiting).json()) as unknown;
    expect(answer).toEqual({ state: { type: 'dead', receives: 1, reason: 'cannot be read' } });
  });
});
