import type { Job, JobResult, JobState, Lease, LoggedResult } from './job.ts';
import { EXHAUSTED, type QueueStore } from './store.ts';

/** A job as the store has it. */
interface Row {
  readonly job: Job;
  readonly sentAtMs: number;
  state: 'open' | 'done' | 'dead';
  /** Of an open job: from then on it can be received. */
  visibleAtMs: number;
  /** Breaks ties of `visibleAtMs`: the order in which jobs became visible. */
  order: number;
  receives: number;
  /** Number of the lease that it is in; 0 for none. Never used twice, so that an old receipt stays refused after a redrive. */
  lease: number;
  reason: string;
  endedAtMs: number;
}

interface ResultRow extends LoggedResult {
  readonly storedAtMs: number;
}

/** A store in memory: for the simulated world, where it outlives the process that uses it, and for tests. */
export const createMemoryStore = (): QueueStore => {
  const rows = new Map<string, Row>();
  /** Rows that are neither done nor dead. */
  const open = new Set<Row>();
  const leased = new Map<number, Row>();
  const log: ResultRow[] = [];
  const firstResults = new Map<string, JobResult>();
  let leases = 0;
  let orders = 0;
  let cursors = 0;

  const end = (row: Row, state: 'done' | 'dead', nowMs: number, reason = '') => {
    leased.delete(row.lease);
    open.delete(row);
    Object.assign(row, { state, lease: 0, reason, endedAtMs: nowMs });
  };
  const show = (row: Row, atMs: number) => {
    leased.delete(row.lease);
    orders += 1;
    Object.assign(row, { state: 'open', lease: 0, visibleAtMs: atMs, order: orders });
    open.add(row);
  };
  const held = (receipt: string, nowMs: number): Row | undefined => {
    const row = leased.get(Number(receipt));
    return row && row.visibleAtMs > nowMs ? row : undefined;
  };
  const visible = (nowMs: number): readonly Row[] =>
    [...open].filter((row) => row.visibleAtMs <= nowMs).sort((a, b) => a.visibleAtMs - b.visibleAtMs || a.order - b.order);
  const put = (result: JobResult, ifAbsent: boolean, nowMs: number): 'stored' | 'known' => {
    const isKnown = firstResults.has(result.jobId);
    if (isKnown && ifAbsent) return 'known';
    cursors += 1;
    log.push({ cursor: cursors, result, storedAtMs: nowMs });
    if (!isKnown) firstResults.set(result.jobId, result);
    return 'stored';
  };
  const buryExhausted = (maxReceives: number, nowMs: number): number => {
    const spent = visible(nowMs).filter((row) => row.receives >= maxReceives);
    for (const row of spent) end(row, 'dead', nowMs, EXHAUSTED);
    return spent.length;
  };

  return {
    send(job, nowMs) {
      if (rows.has(job.id)) return 'known';
      const row: Row = {
        job,
        sentAtMs: nowMs,
        state: 'open',
        visibleAtMs: 0,
        order: 0,
        receives: 0,
        lease: 0,
        reason: '',
        endedAtMs: 0,
      };
      rows.set(job.id, row);
      show(row, nowMs);
      return 'accepted';
    },
    receive({ max, visibilityMs, maxReceives }, nowMs) {
      buryExhausted(maxReceives, nowMs);
      return visible(nowMs)
        .slice(0, max)
        .map((row): Lease => {
          leased.delete(row.lease);
          leases += 1;
          row.lease = leases;
          row.receives += 1;
          row.visibleAtMs = nowMs + visibilityMs;
          orders += 1;
          row.order = orders;
          leased.set(leases, row);
          return { job: row.job, receipt: String(leases), receives: row.receives };
        });
    },
    extend(receipt, visibilityMs, nowMs) {
      const row = held(receipt, nowMs);
      if (row) row.visibleAtMs = nowMs + visibilityMs;
      return row !== undefined;
    },
    complete(receipt, nowMs) {
      const row = held(receipt, nowMs);
      if (row) end(row, 'done', nowMs);
      return row !== undefined;
    },
    release(receipt, { delayMs, reason, maxReceives }, nowMs) {
      const row = held(receipt, nowMs);
      if (!row) return false;
      if (row.receives >= maxReceives) end(row, 'dead', nowMs, reason);
      else show(row, nowMs + delayMs);
      return true;
    },
    bury(receipt, reason, nowMs) {
      const row = held(receipt, nowMs);
      if (row) end(row, 'dead', nowMs, reason);
      return row !== undefined;
    },
    buryExhausted,
    stateOf(jobId, nowMs): JobState | undefined {
      const row = rows.get(jobId);
      if (!row) return undefined;
      const { receives, reason } = row;
      if (row.state === 'done') return { type: 'done' };
      if (row.state === 'dead') return { type: 'dead', receives, reason };
      return { type: row.lease !== 0 && row.visibleAtMs > nowMs ? 'leased' : 'queued', receives };
    },
    figures(nowMs) {
      const all = [...open];
      const hidden = all.filter((row) => row.visibleAtMs > nowMs);
      const inHands = hidden.filter((row) => row.lease !== 0).length;
      return {
        visible: all.length - hidden.length,
        delayed: hidden.length - inHands,
        leased: inHands,
        dead: [...rows.values()].filter(({ state }) => state === 'dead').length,
        oldestAgeMs: all.reduce((oldest, row) => Math.max(oldest, nowMs - row.sentAtMs), 0),
      };
    },
    deadLetters: (max) =>
      [...rows.values()]
        .filter(({ state }) => state === 'dead')
        .slice(0, max)
        .map(({ job, receives, reason }) => ({ job, receives, reason })),
    redrive(jobIds, nowMs) {
      const wanted = jobIds === 'all' ? [...rows.values()] : [...new Set(jobIds)].flatMap((id) => rows.get(id) ?? []);
      const dead = wanted.filter(({ state }) => state === 'dead');
      for (const row of dead) {
        row.receives = 0;
        show(row, nowMs);
      }
      return dead.length;
    },
    putResult: put,
    resultOf: (jobId) => firstResults.get(jobId),
    resultsAfter: (cursor, max) =>
      log
        .filter((row) => row.cursor > cursor)
        .slice(0, max)
        .map(({ cursor: place, result }) => ({ cursor: place, result })),
    nextVisibleAtMs: (nowMs) =>
      [...open].reduce(
        (next, { visibleAtMs }) => (visibleAtMs > nowMs ? Math.min(next, visibleAtMs) : next),
        Number.POSITIVE_INFINITY,
      ),
    prune(beforeMs) {
      const done = [...rows.values()].filter(({ state, endedAtMs }) => state === 'done' && endedAtMs < beforeMs);
      for (const { job } of done) rows.delete(job.id);
      const isOld = ({ storedAtMs }: ResultRow) => storedAtMs < beforeMs;
      const old = log.filter(isOld);
      const kept = log.filter((row) => !isOld(row));
      log.splice(0, log.length, ...kept);
      firstResults.clear();
      for (const { result } of kept) if (!firstResults.has(result.jobId)) firstResults.set(result.jobId, result);
      return done.length + old.length;
    },
  };
};
