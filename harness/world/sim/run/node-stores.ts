import type { NodeStores } from '../../../serving/nodes/stores.ts';
import { createMemoryStore } from '../../../serving/queue/memory-store.ts';
import type { QueueStore } from '../../../serving/queue/store.ts';
import { createMemoryBackup, createMemoryStore as createRegistryMemory } from '../../../serving/registry/store.ts';

/** Stores in memory, which outlive the simulated process: one object a node. */
export const createNodeStores = (): NodeStores => {
  let queue: QueueStore | undefined;
  const registry = createRegistryMemory();
  const objects = createMemoryBackup();
  return {
    queue() {
      queue ??= createMemoryStore();
      return queue;
    },
    registry: () => registry,
    objects: () => objects,
  };
};
