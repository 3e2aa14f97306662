import { join } from 'node:path';
import { createLazyBroker } from '../../../brokers/lazy.ts';
import type { BrokerSettings, ConnectedBroker } from '../../../serving/queue/job-queue.ts';
import { createStoreResults } from '../../../serving/queue/store-results.ts';
import { openSqliteLedger } from '../queue/sqlite-ledger.ts';
import { openSqliteStore } from '../queue/sqlite-store.ts';

type Connect = (settings: BrokerSettings, folder: string) => ConnectedBroker;

/** LocalStack takes any. */
const ANY_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Clients are large, and are loaded where they are used. */
const connectors: Readonly<Record<BrokerSettings['kind'], Connect>> = {
  nats: ({ origin, ...settings }) =>
    createLazyBroker('NATS', async () => {
      const { connectNats } = await import('../../../brokers/nats.ts');
      return connectNats({ ...settings, servers: new URL(origin).host });
    }),
  sqs({ origin, name, maxReceives }, folder) {
    const results = createStoreResults(openSqliteStore(join(folder, 'results.db')));
    const ledger = openSqliteLedger(join(folder, 'ledger.db'));
    return createLazyBroker('SQS', async () => {
      const { connectSqs } = await import('../../../brokers/sqs.ts');
      const where = { endpoint: origin, region: 'us-east-1', credentials: ANY_CREDENTIALS };
      return connectSqs({ ...where, name, maxReceives, results, ledger });
    });
  },
};

/** @param folder of the queue's own process: what a broker does not keep is there */
export const brokerConnector =
  (folder: string) =>
  (settings: BrokerSettings): ConnectedBroker =>
    connectors[settings.kind](settings, folder);
