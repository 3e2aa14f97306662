import { describe, expect, it } from 'vitest';
import { type Connected, createLazyBroker } from '../../../harness/brokers/lazy.ts';
import { createQueueClient } from '../../../harness/serving/queue/client.ts';
import { BrokerUnavailable } from '../../../harness/serving/queue/job-queue.ts';
import { createMemoryStore } from '../../../harness/serving/queue/memory-store.ts';
import { createQueueService } from '../../../harness/serving/queue/service.ts';

const { signal } = new AbortController();

const connected = (onClose = () => undefined): Connected => {
  const service = createQueueService(createMemoryStore(), { maxReceives: 2, maxDepth: 10, retentionMs: 1000 });
  const fetch: typeof globalThis.fetch = async (input, init) => service.fetch(new Request(input, init));
  return { ...createQueueClient({ origin: 'http://queue.test', fetch, timeoutMs: 1000 }), close: onClose };
};

describe('a broker that need not be there yet', () => {
  it('is connected to once, when it is first asked, and again after that has failed', async () => {
    let tries = 0;
    const broker = createLazyBroker('NATS', async () => {
      tries += 1;
      if (tries === 1) throw new Error('connection refused');
      return connected();
    });
    expect(tries).toBe(0);
    await expect(broker.queue.figures(signal)).rejects.toThrow(new BrokerUnavailable('NATS: connection refused'));
    expect(await broker.queue.send({ id: 'a', body: '', attributes: {} }, signal)).toBe('accepted');
    expect(await broker.stateOf('a', signal)).toMatchObject({ type: 'queued' });
    expect(tries).toBe(2);
  });

  it('is closed with its connection, and then asked in vain', async () => {
    let closed = 0;
    const broker = createLazyBroker('NATS', async () =>
      connected(() => {
        closed += 1;
        return undefined;
      }),
    );
    await broker.queue.figures(signal);
    broker.close();
    await expect(broker.queue.figures(signal)).rejects.toThrow(BrokerUnavailable);
    expect(closed).toBe(1);
  });
});
