import { createRequire } from 'node:module';
import type { DatabaseSync } from 'node:sqlite';

/** Loads `node:sqlite`, which is not experimental to us: what Node says of it at the first use is left out, and nothing else is. */
const loadSqlite = (): typeof import('node:sqlite') => {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes('SQLite')) return;
    (emitWarning as (...args: unknown[]) => void).call(process, warning, ...rest);
  };
  try {
    return createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
};

/**
 * Opens a database for one process: in write-ahead mode, with every commit on the disk before it returns.
 * @param schema statements that may run on a database that has it already
 */
export const openDatabase = (path: string, schema: string): DatabaseSync => {
  const { DatabaseSync: Database } = loadSqlite();
  const db = new Database(path);
  // https://sqlite.org/pragma.html#pragma_synchronous (read November 2026): in WAL mode only FULL syncs the log with each commit.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec(schema);
  return db;
};
