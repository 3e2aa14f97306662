import type { JobResult } from '../../../serving/queue/job.ts';
import type { StreamEvent } from '../../../serving/stream/event.ts';
import type { LogStore } from '../../../serving/stream/log-store.ts';
import { openDatabase } from '../queue/open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    part INTEGER NOT NULL,
    place INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    time_ms REAL NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    PRIMARY KEY (part, place)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS places (part INTEGER PRIMARY KEY, place INTEGER NOT NULL, state TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS results (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, result TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS results_of_event ON results (id, seq);
  CREATE TABLE IF NOT EXISTS windows (seq INTEGER PRIMARY KEY AUTOINCREMENT, part INTEGER NOT NULL, window TEXT NOT NULL) STRICT;
`;

interface EventRow {
  readonly place: number;
  readonly id: string;
  readonly time_ms: number;
  readonly body: string;
  readonly attributes: string;
}

/**
 * A log in a file of SQLite, each commit on the disk before it returns.
 * @param path is made when it is not there
 */
export const openSqliteLog = (path: string): LogStore => {
  const db = openDatabase(path, SCHEMA);
  const sql = {
    placeOf: db.prepare('SELECT place FROM events WHERE id = ?'),
    head: db.prepare('SELECT ifnull(max(place) + 1, 0) AS head FROM events WHERE part = ?'),
    append: db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)'),
    read: db.prepare(
      'SELECT place, id, time_ms, body, attributes FROM events WHERE part = ? AND place >= ? ORDER BY place LIMIT ?',
    ),
    stand: db.prepare('SELECT place, state FROM places WHERE part = ?'),
    go: db.prepare(
      'INSERT INTO places VALUES (?, ?, ?) ON CONFLICT (part) DO UPDATE SET place = excluded.place, state = excluded.state',
    ),
    addResult: db.prepare('INSERT INTO results (id, result) VALUES (?, ?)'),
    resultOf: db.prepare('SELECT result FROM results WHERE id = ? ORDER BY seq LIMIT 1'),
    answers: db.prepare('SELECT id, count(*) AS answers FROM results GROUP BY id'),
    addWindow: db.prepare('INSERT INTO windows (part, window) VALUES (?, ?)'),
    windows: db.prepare('SELECT part, window FROM windows ORDER BY seq'),
  };

  const transaction = <Result>(work: () => Result): Result => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  };
  const headOf = (partition: number): number => Number((sql.head.get(partition) as { head: number }).head);
  const standOf = (partition: number) => sql.stand.get(partition) as { place: number; state: string | null } | undefined;
  const add = (results: readonly JobResult[]) => {
    for (const result of results) sql.addResult.run(result.jobId, JSON.stringify(result));
  };

  return {
    append: (partition, { id, eventTimeMs, body, attributes }) =>
      transaction(() => {
        const known = sql.placeOf.get(id) as { place: number } | undefined;
        if (known) return { offset: known.place, isNew: false };
        const offset = headOf(partition);
        sql.append.run(partition, offset, id, eventTimeMs, body, JSON.stringify(attributes));
        return { offset, isNew: true };
      }),
    read: (partition, from, max) =>
      (sql.read.all(partition, from, max) as unknown as EventRow[]).map(({ place, id, time_ms, body, attributes }) => ({
        offset: place,
        event: { id, eventTimeMs: time_ms, body, attributes: JSON.parse(attributes) as StreamEvent['attributes'] },
      })),
    committed(partition) {
      const { place, state } = standOf(partition) ?? { place: 0, state: null };
      return { offset: place, state, head: headOf(partition) };
    },
    commit: ({ partition, from, to, results, windows, state, isFenced }) =>
      transaction(() => {
        if (isFenced && (standOf(partition)?.place ?? 0) !== from) return false;
        add(results);
        for (const window of windows) sql.addWindow.run(partition, JSON.stringify(window));
        sql.go.run(partition, to, state);
        return true;
      }),
    addResults: (results) => transaction(() => add(results)),
    resultOf(eventId) {
      const row = sql.resultOf.get(eventId) as { result: string } | undefined;
      return row && (JSON.parse(row.result) as JobResult);
    },
    answers: () =>
      Object.fromEntries(
        (sql.answers.all() as unknown as { id: string; answers: number }[]).map(({ id, answers }) => [id, answers]),
      ),
    windows: () =>
      (sql.windows.all() as unknown as { part: number; window: string }[]).map(({ part, window }) => ({
        ...JSON.parse(window),
        partition: part,
      })),
  };
};
