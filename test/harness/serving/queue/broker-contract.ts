import { describe, expect, it, vi } from 'vitest';
import type { Job, JobResult } from '../../../../harness/serving/queue/job.ts';
import type { Broker } from '../../../../harness/serving/queue/job-queue.ts';

/** A broker under test, which gives a job up when it was received twice. */
export interface BrokerBench {
  /** A broker with nothing in it. */
  broker(): Broker | Promise<Broker>;
  /** Tests of a broker that takes real time run side by side. */
  readonly isConcurrent?: true;
  /** Lets that much time pass. */
  pass(ms: number): Promise<void>;
  /** Grain of the broker's time, milliseconds: what it cannot tell apart is not asked of it. */
  readonly tickMs: number;
  /** What it cannot do, by the name of the test, with the reason. */
  readonly cannot?: Readonly<Record<string, string>>;
}

export const CONTRACT_MAX_RECEIVES = 2;

/** Brokers that count in seconds need some. */
const CONTRACT_LIMIT_MS = 30_000;

const job = (id: string): Job => ({ id, body: `{"job":"${id}"}`, attributes: { 'x-squall-tenant': 'acme' } });
const result = (jobId: string, body: string): JobResult => ({
  jobId,
  status: 200,
  headers: { 'x-squall-served-by': 'local/rules' },
  body,
});
const signal = new AbortController().signal;

/** What the stack relies on, whatever broker is behind the seam. */
export const describeBroker = (name: string, bench: BrokerBench): void => {
  const { tickMs, pass, cannot = {} } = bench;
  const visibilityMs = 2 * tickMs;
  const test = (title: string, run: (broker: Broker) => Promise<void>): void => {
    if (cannot[title]) it.skip(`${title} (${cannot[title]})`, () => undefined);
    else {
      (bench.isConcurrent ? it.concurrent : it)(title, { timeout: CONTRACT_LIMIT_MS }, async () => run(await bench.broker()));
    }
  };
  const receive = (broker: Broker, max = 10, waitMs = 0) => broker.queue.receive({ max, visibilityMs, waitMs }, signal);
  const idsOf = (leases: readonly { readonly job: Job }[]): readonly string[] => leases.map(({ job: { id } }) => id).sort();

  describe(name, () => {
    test('hands a job over as it was sent, and never again once it is completed', async (broker) => {
      expect(await broker.queue.send(job('a'), signal)).toBe('accepted');

      const [lease, ...others] = await receive(broker);

      expect(others).toEqual([]);
      expect(lease).toMatchObject({ job: job('a'), receives: 1 });
      expect(await broker.queue.complete(lease!, signal)).toBe(true);
      await pass(visibilityMs + tickMs);
      expect(await receive(broker)).toEqual([]);
    });

    test('takes a job that is sent twice once', async (broker) => {
      await broker.queue.send(job('a'), signal);
      expect(await broker.queue.send(job('a'), signal)).toBe('known');
      expect(idsOf(await receive(broker))).toEqual(['a']);
    });

    test('hides a job for its visibility, then hands it over again', async (broker) => {
      await broker.queue.send(job('a'), signal);
      await receive(broker);
      expect(await receive(broker)).toEqual([]);
      await pass(visibilityMs + tickMs);
      expect(await receive(broker)).toMatchObject([{ job: job('a'), receives: 2 }]);
    });

    test('hides a job longer when its lease is extended', async (broker) => {
      await broker.queue.send(job('a'), signal);
      const [lease] = await receive(broker);
      await pass(visibilityMs / 2);
      expect(await broker.queue.extend(lease!, visibilityMs, signal)).toBe(true);
      // Past the end of the first lease, and not of the second.
      await pass(visibilityMs * 0.75);
      expect(await receive(broker)).toEqual([]);
      expect(await broker.queue.complete(lease!, signal)).toBe(true);
    });

    test('refuses to complete or to extend what somebody else has', async (broker) => {
      await broker.queue.send(job('a'), signal);
      const [lost] = await receive(broker);
      await pass(visibilityMs + tickMs);
      const [held] = await receive(broker);
      expect(await broker.queue.extend(lost!, visibilityMs, signal)).toBe(false);
      expect(await broker.queue.complete(lost!, signal)).toBe(false);
      expect(await broker.queue.complete(held!, signal)).toBe(true);
    });

    test('hands a job over again once the delay is over with which it was put back', async (broker) => {
      await broker.queue.send(job('a'), signal);
      const [lease] = await receive(broker);
      await broker.queue.release(lease!, { delayMs: tickMs, reason: 'not now' }, signal);
      expect(await receive(broker)).toEqual([]);
      await pass(tickMs * 2);
      expect(await receive(broker)).toMatchObject([{ job: job('a'), receives: 2 }]);
    });

    test('makes a dead letter of a job that is received too often, and hands it over again after a redrive', async (broker) => {
      await broker.queue.send(job('a'), signal);
      for (let receives = 0; receives < CONTRACT_MAX_RECEIVES; receives += 1) {
        expect(idsOf(await receive(broker))).toEqual(['a']);
        await pass(visibilityMs + tickMs);
      }
      expect(await receive(broker)).toEqual([]);

      await vi.waitFor(async () => expect(idsOf(await broker.deadLetters.list(10, signal))).toEqual(['a']));
      expect(await broker.deadLetters.redrive(10, signal)).toBe(1);
      expect(await receive(broker, 10, tickMs)).toMatchObject([{ job: job('a') }]);
      expect(await broker.deadLetters.list(10, signal)).toEqual([]);
    });

    test('makes a dead letter of a job that is buried, at once', async (broker) => {
      await broker.queue.send(job('a'), signal);
      const [lease] = await receive(broker);
      expect(await broker.queue.bury(lease!, 'cannot be read', signal)).toBe(true);
      const dead = [{ job: job('a'), reason: 'cannot be read' }];
      await vi.waitFor(async () => expect(await broker.deadLetters.list(10, signal)).toMatchObject(dead));
      await pass(visibilityMs + tickMs);
      expect(await receive(broker)).toEqual([]);
    });

    test('hands no job over twice when several ask at once', async (broker) => {
      const ids = Array.from({ length: 12 }, (_, index) => `job-${String(index).padStart(2, '0')}`);
      await Promise.all(ids.map((id) => broker.queue.send(job(id), signal)));
      const taken = await Promise.all([receive(broker, 4), receive(broker, 4), receive(broker, 4)]);
      const rest = await receive(broker, 10);
      expect(idsOf([...taken.flat(), ...rest])).toEqual(ids);
    });

    test('counts what waits and what is in hands', async (broker) => {
      await broker.queue.send(job('a'), signal);
      await broker.queue.send(job('b'), signal);
      await receive(broker, 1);
      expect(await broker.queue.figures(signal)).toMatchObject({ visible: 1, leased: 1, dead: 0 });
    });

    test('says where a job is: nowhere, waiting, in hands, done or dead', async (broker) => {
      expect(await broker.stateOf('a', signal)).toBeUndefined();
      await broker.queue.send(job('a'), signal);
      expect(await broker.stateOf('a', signal)).toMatchObject({ type: 'queued' });
      const [done] = await receive(broker);
      expect(await broker.stateOf('a', signal)).toEqual({ type: 'leased', receives: 1 });
      await broker.results.put(result('a', 'x'), signal);
      await broker.queue.complete(done!, signal);
      expect(await broker.stateOf('a', signal)).toEqual({ type: 'done' });

      await broker.queue.send(job('b'), signal);
      const [buried] = await receive(broker);
      await broker.queue.bury(buried!, 'cannot be read', signal);
      const dead = { type: 'dead', receives: 1, reason: 'cannot be read' };
      await vi.waitFor(async () => expect(await broker.stateOf('b', signal)).toEqual(dead));
    });

    test('keeps the first result of a job, and gives it to whoever asks', async (broker) => {
      expect(await broker.results.get('a', 0, signal)).toBeUndefined();
      expect(await broker.results.put(result('a', 'first'), signal)).toBe('stored');
      expect(await broker.results.put(result('a', 'second'), signal)).toBe('known');
      expect(await broker.results.get('a', 0, signal)).toEqual(result('a', 'first'));
    });

    test('gives results to a reader in the order in which they came, from where it stopped', async (broker) => {
      for (const id of ['a', 'b', 'c']) await broker.results.put(result(id, id), signal);
      const [first] = await broker.results.read(0, 1, 0, signal);
      const rest = await broker.results.read(first!.cursor, 10, 0, signal);
      expect([first!, ...rest].map(({ result: { jobId } }) => jobId)).toEqual(['a', 'b', 'c']);
      await broker.results.append(result('a', 'again'), signal);
      const last = await broker.results.read(rest.at(-1)!.cursor, 10, 0, signal);
      expect(last.map(({ result: { body } }) => body)).toEqual(['again']);
    });
  });
};
