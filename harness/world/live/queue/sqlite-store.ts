import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Job, JobResult, JobState } from '../../../serving/queue/job.ts';
import { EXHAUSTED, type QueueStore } from '../../../serving/queue/store.ts';
import { openDatabase } from './open-database.ts';

/** A job as the table has it. */
interface Row {
  readonly seq: number;
  readonly id: string;
  readonly body: string;
  readonly attributes: string;
  readonly state: 'open' | 'done' | 'dead';
  readonly visible_at_ms: number;
  readonly receives: number;
  readonly lease: number;
  readonly reason: string;
}

/**
 * - `jobs.shown`: order in which jobs became visible, for those of one millisecond
 * - `jobs.lease`: number of the lease that the job is in, 0 for none; never used twice, so that an old receipt stays refused
 * - `results` has one row a job unless a design adds more
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT OR IGNORE INTO counters VALUES ('lease', 0), ('shown', 0);
  CREATE TABLE IF NOT EXISTS jobs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    sent_at_ms REAL NOT NULL,
    visible_at_ms REAL NOT NULL,
    shown INTEGER NOT NULL,
    receives INTEGER NOT NULL DEFAULT 0,
    lease INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    ended_at_ms REAL NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS open_jobs ON jobs (visible_at_ms, shown) WHERE state = 'open';
  CREATE INDEX IF NOT EXISTS dead_jobs ON jobs (seq) WHERE state = 'dead';
  CREATE INDEX IF NOT EXISTS leases ON jobs (lease) WHERE lease > 0;
  CREATE TABLE IF NOT EXISTS results (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL,
    result TEXT NOT NULL,
    stored_at_ms REAL NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS results_of_job ON results (job_id, cursor);
`;

const STATEMENTS = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  next: 'UPDATE counters SET value = value + 1 WHERE name = ? RETURNING value',
  send: 'INSERT INTO jobs (id, body, attributes, sent_at_ms, visible_at_ms, shown) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  visible: "SELECT * FROM jobs WHERE state = 'open' AND visible_at_ms <= ? ORDER BY visible_at_ms, shown LIMIT ?",
  lease: 'UPDATE jobs SET lease = ?, receives = receives + 1, visible_at_ms = ?, shown = ? WHERE seq = ?',
  held: "SELECT * FROM jobs WHERE lease = ? AND lease > 0 AND state = 'open' AND visible_at_ms > ?",
  extend: "UPDATE jobs SET visible_at_ms = ? WHERE lease = ? AND lease > 0 AND state = 'open' AND visible_at_ms > ?",
  end: 'UPDATE jobs SET state = ?, lease = 0, reason = ?, ended_at_ms = ? WHERE seq = ?',
  show: "UPDATE jobs SET state = 'open', lease = 0, visible_at_ms = ?, shown = ?, receives = ? WHERE seq = ?",
  bury: `UPDATE jobs SET state = 'dead', lease = 0, reason = ?, ended_at_ms = ? WHERE state = 'open' AND visible_at_ms <= ? AND receives >= ?`,
  byId: 'SELECT * FROM jobs WHERE id = ?',
  figures: `SELECT count(*) FILTER (WHERE visible_at_ms <= :now) AS visible,
      count(*) FILTER (WHERE visible_at_ms > :now AND lease = 0) AS delayed,
      count(*) FILTER (WHERE visible_at_ms > :now AND lease > 0) AS leased,
      ifnull(max(max(:now - sent_at_ms), 0), 0) AS oldestAgeMs,
      (SELECT count(*) FROM jobs WHERE state = 'dead') AS dead
    FROM jobs WHERE state = 'open'`,
  dead: "SELECT * FROM jobs WHERE state = 'dead' ORDER BY seq LIMIT ?",
  nextVisible: "SELECT min(visible_at_ms) AS at FROM jobs WHERE state = 'open' AND visible_at_ms > ?",
  hasResult: 'SELECT 1 FROM results WHERE job_id = ?',
  putResult: 'INSERT INTO results (job_id, result, stored_at_ms) VALUES (?, ?, ?)',
  resultOf: 'SELECT result FROM results WHERE job_id = ? ORDER BY cursor LIMIT 1',
  resultsAfter: 'SELECT cursor, result FROM results WHERE cursor > ? ORDER BY cursor LIMIT ?',
  pruneJobs: "DELETE FROM jobs WHERE state = 'done' AND ended_at_ms < ?",
  pruneResults: 'DELETE FROM results WHERE stored_at_ms < ?',
} as const;

/** A store that can be let go of. */
export interface SqliteStore extends QueueStore {
  close(): void;
}

const jobOf = ({ id, body, attributes }: Row): Job => ({ id, body, attributes: JSON.parse(attributes) });

const prepare = (db: DatabaseSync) =>
  Object.fromEntries(Object.entries(STATEMENTS).map(([name, sql]) => [name, db.prepare(sql)])) as unknown as Readonly<
    Record<keyof typeof STATEMENTS, StatementSync>
  >;

/**
 * A store in a file of SQLite: in write-ahead mode, and each commit is on the disk before it returns, so that what was accepted outlives
 * the process, however that ends.
 * @param path is made when it is not there
 */
export const openSqliteStore = (path: string): SqliteStore => {
  const db = openDatabase(path, SCHEMA);
  const sql = prepare(db);
  const next = (counter: 'lease' | 'shown'): number => Number((sql.next.get(counter) as { value: number }).value);
  const held = (receipt: string, nowMs: number): Row | undefined => sql.held.get(Number(receipt), nowMs) as Row | undefined;
  const transaction = <Result>(work: () => Result): Result => {
    sql.begin.run();
    try {
      const result = work();
      sql.commit.run();
      return result;
    } catch (error) {
      sql.rollback.run();
      throw error;
    }
  };
  const put = (result: JobResult, ifAbsent: boolean, nowMs: number): 'stored' | 'known' => {
    if (ifAbsent && sql.hasResult.get(result.jobId)) return 'known';
    sql.putResult.run(result.jobId, JSON.stringify(result), nowMs);
    return 'stored';
  };
  const end = (row: Row, state: 'done' | 'dead', reason: string, nowMs: number) => sql.end.run(state, reason, nowMs, row.seq);
  /** What is done to a job in somebody's hands. */
  const toHeld = (receipt: string, nowMs: number, work: (row: Row) => void): boolean =>
    transaction(() => {
      const row = held(receipt, nowMs);
      if (row) work(row);
      return row !== undefined;
    });
  const buryExhausted = (maxReceives: number, nowMs: number): number =>
    Number(sql.bury.run(EXHAUSTED, nowMs, nowMs, maxReceives).changes);

  return {
    send: ({ id, body, attributes }, nowMs) =>
      transaction(() => {
        const { changes } = sql.send.run(id, body, JSON.stringify(attributes), nowMs, nowMs, next('shown'));
        return changes === 0 ? 'known' : 'accepted';
      }),
    receive: ({ max, visibilityMs, maxReceives }, nowMs) =>
      transaction(() => {
        buryExhausted(maxReceives, nowMs);
        return (sql.visible.all(nowMs, max) as unknown as Row[]).map((row) => {
          const lease = next('lease');
          sql.lease.run(lease, nowMs + visibilityMs, next('shown'), row.seq);
          return { job: jobOf(row), receipt: String(lease), receives: row.receives + 1 };
        });
      }),
    extend: (receipt, visibilityMs, nowMs) => sql.extend.run(nowMs + visibilityMs, Number(receipt), nowMs).changes === 1,
    complete: (receipt, nowMs) => toHeld(receipt, nowMs, (row) => end(row, 'done', '', nowMs)),
    release: (receipt, { delayMs, reason, maxReceives }, nowMs) =>
      toHeld(receipt, nowMs, (row) => {
        if (row.receives >= maxReceives) end(row, 'dead', reason, nowMs);
        else sql.show.run(nowMs + delayMs, next('shown'), row.receives, row.seq);
      }),
    bury: (receipt, reason, nowMs) => toHeld(receipt, nowMs, (row) => end(row, 'dead', reason, nowMs)),
    buryExhausted,
    stateOf(jobId, nowMs): JobState | undefined {
      const row = sql.byId.get(jobId) as Row | undefined;
      if (!row) return undefined;
      const { state, receives, reason } = row;
      if (state === 'done') return { type: 'done' };
      if (state === 'dead') return { type: 'dead', receives, reason };
      return { type: row.lease !== 0 && row.visible_at_ms > nowMs ? 'leased' : 'queued', receives };
    },
    figures(nowMs) {
      const { visible, delayed, leased, dead, oldestAgeMs } = sql.figures.get({ now: nowMs }) as Record<string, number>;
      return { visible: visible!, delayed: delayed!, leased: leased!, dead: dead!, oldestAgeMs: oldestAgeMs! };
    },
    deadLetters: (max) =>
      (sql.dead.all(max) as unknown as Row[]).map((row) => ({ job: jobOf(row), receives: row.receives, reason: row.reason })),
    redrive: (jobIds, nowMs) =>
      transaction(() => {
        const wanted =
          jobIds === 'all'
            ? (sql.dead.all(-1) as unknown as Row[])
            : [...new Set(jobIds)].flatMap((id) => (sql.byId.get(id) as Row | undefined) ?? []);
        const dead = wanted.filter(({ state }) => state === 'dead');
        for (const { seq } of dead) sql.show.run(nowMs, next('shown'), 0, seq);
        return dead.length;
      }),
    putResult: (result, ifAbsent, nowMs) => transaction(() => put(result, ifAbsent, nowMs)),
    resultOf(jobId) {
      const row = sql.resultOf.get(jobId) as { result: string } | undefined;
      return row && (JSON.parse(row.result) as JobResult);
    },
    resultsAfter: (cursor, max) =>
      (sql.resultsAfter.all(cursor, max) as unknown as { cursor: number; result: string }[]).map((row) => ({
        cursor: row.cursor,
        result: JSON.parse(row.result) as JobResult,
      })),
    nextVisibleAtMs: (nowMs) => (sql.nextVisible.get(nowMs) as { at: number | null }).at ?? Number.POSITIVE_INFINITY,
    prune: (beforeMs) =>
      transaction(() => Number(sql.pruneJobs.run(beforeMs).changes) + Number(sql.pruneResults.run(beforeMs).changes)),
    close: () => db.close(),
  };
};
