import { type Catalogue, createCatalogueReader } from './catalogue.ts';
import { BLANK, type LogEntry, type RegistryState } from './log.ts';
import type { RegistryStore } from './store.ts';

/** The part of a node that outlives it, and what it comes to. */
export interface Replica {
  readonly state: RegistryState;
  /** Last index that readers see. */
  readonly visibleIndex: number;
  /** What readers see. */
  readonly catalogue: Catalogue;
  /** With what is not yet settled: what a new version follows. */
  readonly wholeCatalogue: Catalogue;
  /** Steps that change the state, one at a time. */
  inTurn<Result>(step: () => Promise<Result>): Promise<Result>;
  /** To be called within a step. The state changes when it is stored. */
  save(next: RegistryState): Promise<void>;
  /** Resolves when the index is settled with that entry; rejects when another entry is, or the signal aborts. */
  untilCommitted(index: number, id: string, signal: AbortSignal): Promise<void>;
}

/** An entry that was dropped for another. */
export class Dropped extends Error {
  override readonly name = 'Dropped';
}

/**
 * @param isVisibleAtOnce whether readers see what is not settled yet
 */
export const openReplica = async (store: RegistryStore, isVisibleAtOnce: boolean): Promise<Replica> => {
  let state = (await store.readState()) ?? BLANK;
  let turn: Promise<unknown> = Promise.resolve();
  const readVisible = createCatalogueReader();
  const readWhole = createCatalogueReader();
  const waiting = new Set<() => void>();

  const visibleIndex = () => (isVisibleAtOnce ? state.entries.length : state.commitIndex);

  return {
    get state() {
      return state;
    },
    get visibleIndex() {
      return visibleIndex();
    },
    get catalogue() {
      return readVisible(state.entries, visibleIndex());
    },
    get wholeCatalogue() {
      return readWhole(state.entries, state.entries.length);
    },
    inTurn(step) {
      const result = turn.then(step);
      turn = result.catch(() => undefined);
      return result;
    },
    async save(next) {
      await store.writeState(next);
      state = next;
      for (const look of [...waiting]) look();
    },
    untilCommitted(index, id, signal) {
      return new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          waiting.delete(look);
          signal.removeEventListener('abort', onAbort);
          settle();
        };
        const look = () => {
          const entry: LogEntry | undefined = state.entries[index - 1];
          if (entry?.id !== id) end(() => reject(new Dropped('Another leader put another entry in its place.')));
          else if (state.commitIndex >= index) end(resolve);
        };
        const onAbort = () => end(() => reject(signal.reason));
        waiting.add(look);
        if (signal.aborted) onAbort();
        else {
          signal.addEventListener('abort', onAbort);
          look();
        }
      });
    },
  };
};
