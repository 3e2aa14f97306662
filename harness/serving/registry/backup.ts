import { sleep } from '../abort.ts';
import type { Announce } from '../announce.ts';
import { digestOf } from './digest.ts';
import type { LogEntry, RegistryState } from './log.ts';
import type { RegistryPolicy } from './policy.ts';
import type { BackupStore } from './store.ts';

/**
 * From the order to restore until the first byte, by storage class, milliseconds. Standard and infrequent access are there at once; of an archive
 * (S3 Glacier Flexible Retrieval) an expedited retrieval takes 1 to 5 minutes: docs.aws.amazon.com/AmazonS3, "Archive retrieval options", read November 2026.
 */
const THAW_MS: Readonly<Record<RegistryPolicy['backupTier'], number>> = {
  standard: 0,
  infrequent: 0,
  archive: 60_000,
};

/** Snapshots that are kept: where the newest is spoilt, the one before it serves. */
const KEEP = 3;

interface Snapshot {
  readonly epoch: number;
  readonly entries: readonly LogEntry[];
}

/** Snapshots of the log, and every artifact once. */
export interface Backup {
  /** What the leader has, as a snapshot; artifacts that are wrong are left out. */
  take(state: RegistryState, visibleIndex: number, read: (digest: string) => Promise<Uint8Array | null>): Promise<void>;
  /** The newest snapshot that is whole; null where there is none. */
  restoreLog(): Promise<Snapshot | null>;
  restoreArtifact(digest: string): Promise<Uint8Array | null>;
}

const PREFIX = 'snapshot-';
const DIGITS = 8;

/** Names sort as the snapshots follow each other: a later reign's is newer, however short its log. */
const nameOf = (epoch: number, length: number): string =>
  `${PREFIX}${String(epoch).padStart(DIGITS, '0')}-${String(length).padStart(DIGITS, '0')}`;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A snapshot's text begins with its own digest, so that one that is cut short or spoilt is known. */
const pack = (snapshot: Snapshot): Uint8Array => {
  const text = JSON.stringify(snapshot);
  return encoder.encode(`${digestOf(encoder.encode(text))}\n${text}`);
};

const unpack = (bytes: Uint8Array): Snapshot | null => {
  const [digest, ...lines] = decoder.decode(bytes).split('\n');
  const text = lines.join('\n');
  return digestOf(encoder.encode(text)) === digest ? (JSON.parse(text) as Snapshot) : null;
};

export const createBackup = (
  region: string,
  policy: RegistryPolicy,
  store: BackupStore,
  announce: Announce,
  stopped: AbortSignal,
): Backup => {
  let hasThawed = false;
  const thaw = async () => {
    if (!hasThawed) await sleep(THAW_MS[policy.backupTier], stopped);
    hasThawed = true;
  };
  const snapshots = async () => (await store.list()).filter((name) => name.startsWith(PREFIX)).toSorted();

  return {
    async take(state, visibleIndex, read) {
      const entries = state.entries.slice(0, visibleIndex);
      const name = nameOf(state.epoch, entries.length);
      const there = new Set(await store.list());
      // A leader that has been replaced without knowing does not put its own in front of its successor's.
      if (there.has(name) || (await snapshots()).some((other) => other > name)) return;
      for (const { change } of entries) {
        if (change.type !== 'publish' || there.has(change.digest)) continue;
        const bytes = await read(change.digest);
        if (bytes) await store.write(change.digest, bytes);
      }
      await store.write(name, pack({ epoch: state.epoch, entries }));
      for (const old of (await snapshots()).slice(0, -KEEP)) await store.remove(old);
    },
    async restoreLog() {
      const names = await snapshots();
      if (names.length > 0) await thaw();
      for (const name of names.toReversed()) {
        const bytes = await store.read(name);
        const snapshot = bytes && unpack(bytes);
        if (!snapshot) continue;
        announce.note(`registry ${region}`, `registry ${region}: restored ${snapshot.entries.length} entries from the backup`);
        return snapshot;
      }
      return null;
    },
    async restoreArtifact(digest) {
      if (!(await store.list()).includes(digest)) return null;
      await thaw();
      return store.read(digest);
    },
  };
};
