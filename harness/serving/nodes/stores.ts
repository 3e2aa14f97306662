import type { Journal } from '../audit/journal.ts';
import type { QueueStore } from '../queue/store.ts';
import type { BackupStore, RegistryStore } from '../registry/store.ts';
import type { LogStore } from '../stream/log-store.ts';

/**
 * What a node keeps beyond its death. One function a kind of store, which a world implements: the live one on disk, the simulated one in memory.
 * Each call of one node gives the same store.
 */
export interface NodeStores {
  /** Jobs and results. */
  queue(): QueueStore;
  /** Events of a stream. */
  log(): LogStore;
  /** A replica of the model registry. */
  registry(): RegistryStore;
  /** Objects by name: the registry's backups. */
  objects(): BackupStore;
  /** Lines that are only added to, by the name of their file: letters and `-`. */
  journal(name: string): Journal;
}
