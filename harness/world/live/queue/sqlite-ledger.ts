import type { JobLedger } from '../../../brokers/ledger.ts';
import type { JobState } from '../../../serving/queue/job.ts';
import { EXHAUSTED } from '../../../serving/queue/store.ts';
import { openDatabase } from './open-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS ledger (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    receives INTEGER NOT NULL DEFAULT 0,
    receipt TEXT NOT NULL DEFAULT '',
    ends_at_ms REAL NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT ''
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS ledger_receipts ON ledger (receipt);
`;

interface Row {
  readonly state: 'open' | 'done' | 'dead';
  readonly receives: number;
  readonly ends_at_ms: number;
  readonly reason: string;
}

/** A ledger in a file of SQLite, with each word on the disk before it counts. @param path is made when it is not there */
export const openSqliteLedger = (path: string): JobLedger => {
  const db = openDatabase(path, SCHEMA);
  const byId = db.prepare('SELECT * FROM ledger WHERE id = ?');
  const write = db.prepare(
    'INSERT OR REPLACE INTO ledger (id, state, receives, receipt, ends_at_ms, reason) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const extend = db.prepare("UPDATE ledger SET ends_at_ms = ? WHERE receipt = ? AND state = 'open'");
  const finish = db.prepare("UPDATE ledger SET state = 'done', receipt = '' WHERE receipt = ?");

  return {
    knows: (jobId) => byId.get(jobId) !== undefined,
    sent: (jobId) => void write.run(jobId, 'open', 0, '', 0, ''),
    received: (jobId, receives, receipt, endsAtMs) => void write.run(jobId, 'open', receives, receipt, endsAtMs, ''),
    extended: (receipt, endsAtMs) => void extend.run(endsAtMs, receipt),
    done: (receipt) => void finish.run(receipt),
    dead: (jobId, receives, reason) => void write.run(jobId, 'dead', receives, '', 0, reason),
    stateOf(jobId, maxReceives, nowMs): JobState | undefined {
      const row = byId.get(jobId) as unknown as Row | undefined;
      if (!row) return undefined;
      const { state, receives, reason } = row;
      if (state === 'done') return { type: 'done' };
      if (state === 'dead') return { type: 'dead', receives, reason };
      if (row.ends_at_ms > nowMs) return { type: 'leased', receives };
      return receives >= maxReceives ? { type: 'dead', receives, reason: EXHAUSTED } : { type: 'queued', receives };
    },
  };
};
