import { createMemoryJournal, type Journal } from '../../../serving/audit/journal.ts';
import type { NodeStores } from '../../../serving/nodes/stores.ts';
import { createMemoryStore } from '../../../serving/queue/memory-store.ts';
import type { QueueStore } from '../../../serving/queue/store.ts';
import { createMemoryBackup, createMemoryStore as createRegistryMemory } from '../../../serving/registry/store.ts';
import type { LogStore } from '../../../serving/stream/log-store.ts';
import { createMemoryLog } from '../../../serving/stream/memory-log.ts';

/** Stores in memory, which outlive the simulated process: one object a node. */
export const createNodeStores = (): NodeStores => {
  let queue: QueueStore | undefined;
  let log: LogStore | undefined;
  const registry = createRegistryMemory();
  const objects = createMemoryBackup();
  const journals = new Map<string, Journal>();
  return {
    queue() {
      queue ??= createMemoryStore();
      return queue;
    },
    log() {
      log ??= createMemoryLog();
      return log;
    },
    registry: () => registry,
    objects: () => objects,
    journal(name) {
      const journal = journals.get(name) ?? createMemoryJournal();
      journals.set(name, journal);
      return journal;
    },
  };
};
