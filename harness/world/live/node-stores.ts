import { join } from 'node:path';
import type { Journal } from '../../serving/audit/journal.ts';
import type { NodeStores } from '../../serving/nodes/stores.ts';
import type { LogStore } from '../../serving/stream/log-store.ts';
import { openFileJournal } from './audit/file-journal.ts';
import { openSqliteStore, type SqliteStore } from './queue/sqlite-store.ts';
import { openFileObjects } from './registry/file-objects.ts';
import { openFileStore } from './registry/file-store.ts';
import { openSqliteLog } from './stream/sqlite-log.ts';

/** Stores on disk. @param folder where one node's lie; it is there */
export const createNodeStores = (folder: string): NodeStores => {
  let queue: SqliteStore | undefined;
  let log: LogStore | undefined;
  const journals = new Map<string, Journal>();
  return {
    queue() {
      queue ??= openSqliteStore(join(folder, 'queue.db'));
      return queue;
    },
    log() {
      log ??= openSqliteLog(join(folder, 'stream.db'));
      return log;
    },
    registry: () => openFileStore(join(folder, 'registry')),
    objects: () => openFileObjects(join(folder, 'objects')),
    journal(name) {
      const journal = journals.get(name) ?? openFileJournal(join(folder, `${name}.jsonl`));
      journals.set(name, journal);
      return journal;
    },
  };
};
