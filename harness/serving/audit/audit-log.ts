import { type AuditEntry, type Checkpoint, checkpointLine, hashOf, lineOf, NO_HASH, signedPart } from './chain.ts';
import type { Journal } from './journal.ts';
import type { SigningKey } from './signing-key.ts';

export interface AuditLogOptions {
  readonly entries: Journal;
  readonly checkpoints: Journal;
  readonly key: SigningKey;
  /** Who writes it, e.g. `stack/eu-west/data`. */
  readonly writer: string;
  /** Entries from one checkpoint to the next. */
  readonly checkpointEvery: number;
  /**
   * Null: an entry is written before `append` resolves. A number: entries are kept in memory for so many milliseconds and written together;
   * `append` does not wait for it.
   */
  readonly bufferMs: number | null;
}

/** A log of entries that are chained by hashes, with signed checkpoints beside it. */
export interface AuditLog {
  /** Adds an entry. Rejects when it cannot be written. */
  append(event: AuditEntry['event']): Promise<AuditEntry>;
  /** Signs that this is all there is, for good: nothing can be added then. */
  close(): Promise<void>;
  /** Ends timers, without a last word. */
  stop(): void;
}

/** Begins a log, or goes on with what there is. */
export const openAuditLog = async (options: AuditLogOptions): Promise<AuditLog> => {
  const { entries, checkpoints, key, writer, checkpointEvery, bufferMs } = options;
  const written = (await entries.read()).map((line) => JSON.parse(line) as AuditEntry);
  let last: AuditEntry | undefined = written.at(-1);
  let lastCheckpoint: Checkpoint | undefined = (await checkpoints.read()).map((line) => JSON.parse(line) as Checkpoint).at(-1);
  let buffer: string[] = [];
  let signing: Promise<void> = Promise.resolve();
  let isClosed = false;

  const flush = async () => {
    const lines = buffer;
    buffer = [];
    if (lines.length > 0) await entries.append(lines);
  };
  const timer = bufferMs === null ? undefined : setInterval(() => void flush(), bufferMs);

  const write = (lines: readonly string[]): Promise<void> => {
    if (bufferMs === null) return entries.append(lines);
    buffer.push(...lines);
    return Promise.resolve();
  };

  /** One after another, in the order in which they were asked for. */
  const checkpoint = (of: AuditEntry, isLast: boolean): Promise<void> => {
    signing = signing.then(async () => {
      const unsigned = {
        number: (lastCheckpoint?.number ?? 0) + 1,
        seq: of.seq,
        hash: of.hash,
        at: of.at,
        isLast,
        prev: lastCheckpoint?.signature ?? '',
      };
      lastCheckpoint = { ...unsigned, signature: await key.sign(signedPart(unsigned)) };
      await checkpoints.append([checkpointLine(lastCheckpoint)]);
    });
    return signing;
  };

  const append = async (event: AuditEntry['event']): Promise<AuditEntry> => {
    if (isClosed) throw new Error('The audit log is closed.');
    const open = { seq: last ? last.seq + 1 : 0, at: new Date(Date.now()).toISOString(), event, prev: last?.hash ?? NO_HASH };
    const entry: AuditEntry = { ...open, hash: hashOf(open) };
    last = entry;
    await write([lineOf(entry)]);
    // Whoever reads does not wait for a signature: an entry is no less there without one.
    if ((entry.seq + 1) % checkpointEvery === 0) void checkpoint(entry, false).catch(() => undefined);
    return entry;
  };

  if (!last) await append({ type: 'begin', format: 'squall-audit-1', writer, publicKey: key.publicKey });
  else if (written.length > 0) await append({ type: 'resume', writer });

  return {
    append,
    async close() {
      if (isClosed) return;
      const entry = await append({ type: 'end', writer });
      isClosed = true;
      clearInterval(timer);
      await flush();
      await checkpoint(entry, true);
    },
    stop: () => clearInterval(timer),
  };
};
