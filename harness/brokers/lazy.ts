import { type Broker, BrokerUnavailable, type ConnectedBroker } from '../serving/queue/job-queue.ts';

/** A broker that has been connected to. */
export interface Connected extends Broker {
  close(): void | Promise<void>;
}

/**
 * A broker that need not be there yet: it is connected to when it is first asked for something, and again until that works. Until then every
 * question rejects with `BrokerUnavailable`.
 */
export const createLazyBroker = (title: string, connect: () => Promise<Connected>): ConnectedBroker => {
  let connecting: Promise<Connected> | undefined;
  const connected = (): Promise<Connected> => {
    connecting ??= connect().catch((error: unknown) => {
      connecting = undefined;
      throw new BrokerUnavailable(`${title}: ${error instanceof Error ? error.message : String(error)}`);
    });
    return connecting;
  };
  /** Each function of a part waits for the connection first. */
  const partOf = <Name extends 'queue' | 'results' | 'deadLetters'>(name: Name): Broker[Name] =>
    new Proxy({} as Broker[Name], {
      get:
        (_, key) =>
        async (...args: readonly unknown[]) => {
          const part = (await connected())[name] as unknown as Record<PropertyKey, (...given: readonly unknown[]) => unknown>;
          return part[key]!(...args);
        },
    });
  return {
    queue: partOf('queue'),
    results: partOf('results'),
    deadLetters: partOf('deadLetters'),
    stateOf: async (jobId, signal) => (await connected()).stateOf(jobId, signal),
    close() {
      void connecting?.then((broker) => broker.close()).catch(() => undefined);
      connecting = Promise.reject(new BrokerUnavailable(`${title}: the connection is closed.`));
      connecting.catch(() => undefined);
    },
  };
};
