import { beforeAll, describe } from 'vitest';
import { connectSqs } from '../../../harness/brokers/sqs.ts';
import { createQueueClient } from '../../../harness/serving/queue/client.ts';
import { createMemoryStore } from '../../../harness/serving/queue/memory-store.ts';
import { createQueueService } from '../../../harness/serving/queue/service.ts';
import { findLocalStack, type RunningBroker } from '../../support/brokers.ts';
import { CONTRACT_MAX_RECEIVES, describeBroker } from '../serving/queue/broker-contract.ts';

const found = findLocalStack();

/** Results are the queue service's: SQS keeps none. */
const resultStore = () => {
  const service = createQueueService(createMemoryStore(), { maxReceives: 2, maxDepth: 10, retentionMs: 60_000 });
  const fetch: typeof globalThis.fetch = async (input, init) => service.fetch(new Request(input, init));
  return createQueueClient({ origin: 'http://queue.test', fetch, timeoutMs: 1000 }).results;
};

describe.skipIf('missing' in found)(`SQS of LocalStack${'missing' in found ? ` (${found.missing})` : ''}`, () => {
  let server: RunningBroker;
  let names = 0;

  beforeAll(async () => {
    if ('missing' in found) return;
    server = await found.start();
    return server.stop;
  }, 120_000);

  describeBroker('a standard queue', {
    isConcurrent: true,
    broker() {
      names += 1;
      return connectSqs({
        endpoint: `http://127.0.0.1:${server.port}`,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        name: `contract-${names}`,
        maxReceives: CONTRACT_MAX_RECEIVES,
        results: resultStore(),
      });
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    tickMs: 1000,
    cannot: {
      'takes a job that is sent twice once':
        'a standard queue does not know that it was sent before: one answer is the matter of the results',
    },
  });
});
