import { beforeAll, describe } from 'vitest';
import { connectSqs } from '../../../harness/brokers/sqs.ts';
import { createMemoryStore } from '../../../harness/serving/queue/memory-store.ts';
import { createStoreResults } from '../../../harness/serving/queue/store-results.ts';
import { openSqliteLedger } from '../../../harness/world/live/queue/sqlite-ledger.ts';
import { findBroker, type RunningBroker } from '../../support/brokers.ts';
import { CONTRACT_MAX_RECEIVES, describeBroker } from '../serving/queue/broker-contract.ts';

const found = findBroker('sqs');

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
        results: createStoreResults(createMemoryStore()),
        ledger: openSqliteLedger(':memory:'),
      });
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    tickMs: 1000,
  });
});
