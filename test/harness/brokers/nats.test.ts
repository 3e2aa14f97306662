import { beforeAll, describe, expect, it, vi } from 'vitest';
import { connectNats, type NatsBroker } from '../../../harness/brokers/nats.ts';
import { createAnnounce } from '../../../harness/serving/announce.ts';
import { createWorker } from '../../../harness/serving/worker/worker.ts';
import { findBroker, type RunningBroker } from '../../support/brokers.ts';
import { openDesign } from '../../support/open-design.ts';
import { CONTRACT_MAX_RECEIVES, describeBroker } from '../serving/queue/broker-contract.ts';

const found = findBroker('nats');
/** A pull lasts a second at least, and a lease goes on meanwhile. */
const tickMs = 2500;
const { signal } = new AbortController();

describe.skipIf('missing' in found)(`NATS JetStream${'missing' in found ? ` (${found.missing})` : ''}`, () => {
  let server: RunningBroker;
  let names = 0;
  const open: NatsBroker[] = [];

  const connect = async (name: string): Promise<NatsBroker> => {
    const broker = await connectNats({
      servers: `127.0.0.1:${server.port}`,
      name,
      visibilityMs: 2 * tickMs,
      maxReceives: CONTRACT_MAX_RECEIVES,
    });
    open.push(broker);
    return broker;
  };

  beforeAll(async () => {
    if ('missing' in found) return;
    server = await found.start();
    return async () => {
      await Promise.all(open.map((broker) => broker.close()));
      await server.stop();
    };
  });

  describe('as a broker', () => {
    describeBroker('JetStream', {
      broker() {
        names += 1;
        return connect(`contract-${names}`);
      },
      isConcurrent: true,
      pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      tickMs,
    });
  });

  it('has after a SIGKILL of the server what it had taken', async () => {
    const broker = await connect('killed');
    const ids = Array.from({ length: 20 }, (_, index) => `job-${index}`);
    for (const id of ids) await broker.queue.send({ id, body: '{}', attributes: {} }, signal);
    await broker.results.put({ jobId: 'done', status: 200, headers: {}, body: 'x' }, signal);
    await server.restart();

    const again = await connect('killed');
    const leases = await again.queue.receive({ max: 50, visibilityMs: 1000, waitMs: 1000 }, signal);

    expect(leases.map(({ job }) => job.id).sort()).toEqual([...ids].sort());
    expect(await again.results.put({ jobId: 'done', status: 200, headers: {}, body: 'y' }, signal)).toBe('known');
  });

  it('has one answer for each job that a worker takes from it, though the server is killed meanwhile', async () => {
    const broker = await connect('worked');
    const worker = createWorker({
      broker,
      answer: async ({ id }) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return { type: 'answered', result: { jobId: id, status: 200, headers: {}, body: '' } };
      },
      worker: { ...openDesign.worker, concurrency: 4 },
      queue: { visibilityMs: 2 * tickMs },
      announce: createAnnounce(undefined),
    });
    const ids = Array.from({ length: 40 }, (_, index) => `job-${index}`);
    for (const id of ids) await broker.queue.send({ id, body: '{}', attributes: {} }, signal);
    worker.start();
    await vi.waitFor(async () => expect((await broker.results.read(0, 100, 0, signal)).length).toBeGreaterThan(5));
    await server.restart();

    const answered = async () => (await broker.results.read(0, 100, 0, signal)).map(({ result }) => result.jobId);
    await vi.waitFor(async () => expect((await answered()).length).toBeGreaterThanOrEqual(ids.length), {
      timeout: 25_000,
      interval: 200,
    });
    worker.stop();

    expect((await answered()).sort()).toEqual([...ids].sort());
  }, 40_000);
});
