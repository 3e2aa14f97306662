/** What a replica keeps: a log of changes, in an order that all replicas come to share, and what its votes and epochs were. */
export interface RegistryState {
  /** The highest epoch that the replica has seen: a leader's reign has one, and each is higher than those before it. */
  readonly epoch: number;
  /** Whom the replica voted for in that epoch. */
  readonly votedFor: string | null;
  /** Entry n has index n + 1: index 0 is the start of the log. */
  readonly entries: readonly LogEntry[];
  /** Up to here a majority is known to have the log. */
  readonly commitIndex: number;
}

export interface LogEntry {
  /** Of no other entry, whoever made it: logs are compared by it. */
  readonly id: string;
  /** That of the leader who made it. */
  readonly epoch: number;
  /** By the leader's clock, epoch milliseconds. */
  readonly atMs: number;
  readonly change: Change;
}

export type Change =
  /** A leader's first entry: what it finds before it is settled with it. */
  | { readonly type: 'reign'; readonly leader: string }
  | {
      readonly type: 'publish';
      readonly model: string;
      /** From 1 on, without a gap. */
      readonly version: number;
      /** SHA-256 of the artifact, 64 hexadecimal digits. */
      readonly digest: string;
      readonly sizeBytes: number;
      /** Alias that is moved to it in the same step. */
      readonly alias: string | null;
    }
  | { readonly type: 'alias'; readonly model: string; readonly alias: string; readonly version: number };

/** Changes that a log can hold; one more is refused. */
export const MAX_ENTRIES = 10_000;

export const BLANK: RegistryState = { epoch: 0, votedFor: null, entries: [], commitIndex: 0 };

/** Nothing has ever been written to it, or all of it is lost. */
export const isBlank = ({ epoch, entries }: RegistryState): boolean => epoch === 0 && entries.length === 0;

/** @param index from 1 on; 0 has the epoch 0 */
export const epochAt = ({ entries }: Pick<RegistryState, 'entries'>, index: number): number => entries[index - 1]?.epoch ?? 0;

/** @param index from 1 on; 0 has the empty id */
export const idAt = ({ entries }: Pick<RegistryState, 'entries'>, index: number): string => entries[index - 1]?.id ?? '';

/** What a log is compared by when its owner stands for leader. */
export interface LogEnd {
  readonly lastIndex: number;
  readonly lastEpoch: number;
}

export const endOf = (state: RegistryState): LogEnd => ({
  lastIndex: state.entries.length,
  lastEpoch: epochAt(state, state.entries.length),
});

/** Whether a log that ends so has all that one with the other end can have had committed (Ongaro, Ousterhout: Raft, 5.4.1). */
export const isAsComplete = (one: LogEnd, other: LogEnd): boolean =>
  one.lastEpoch > other.lastEpoch || (one.lastEpoch === other.lastEpoch && one.lastIndex >= other.lastIndex);

/** A piece of a leader's log, and where it belongs. */
export interface LogPiece {
  /** Index and id of the entry before it. */
  readonly prevIndex: number;
  readonly prevId: string;
  readonly entries: readonly LogEntry[];
}

/** A log that the piece was fitted into. */
export interface Fitted {
  readonly entries: readonly LogEntry[];
  /** What stood in the place of other entries, and is gone. */
  readonly dropped: readonly LogEntry[];
}

/** Fits a piece of the leader's log in. @returns null where the log does not have what stands before it */
export const fitIn = (state: Pick<RegistryState, 'entries'>, { prevIndex, prevId, entries }: LogPiece): Fitted | null => {
  if (prevIndex > state.entries.length || idAt(state, prevIndex) !== prevId) return null;
  let shared = 0;
  while (shared < entries.length && state.entries[prevIndex + shared]?.id === entries[shared]!.id) shared += 1;
  // What is there beyond the piece stays: a piece that was long on its way takes nothing back.
  if (shared === entries.length) return { entries: state.entries, dropped: [] };
  const kept = prevIndex + shared;
  return { entries: [...state.entries.slice(0, kept), ...entries.slice(shared)], dropped: state.entries.slice(kept) };
};

/**
 * The highest index that a majority has.
 * @param indexes of each replica, the last that is known to be as the leader's
 */
export const majorityIndex = (indexes: readonly number[]): number =>
  indexes.toSorted((a, b) => b - a)[Math.floor(indexes.length / 2)] ?? 0;

/** More than half of so many. */
export const majorityOf = (nodes: number): number => Math.floor(nodes / 2) + 1;
