import type { RegistryState } from './log.ts';

/** Where a replica keeps what must outlive its process. */
export interface RegistryStore {
  /** @returns null when there is none, or what there is cannot be trusted */
  readState(): Promise<RegistryState | null>;
  /** Whole or not at all, and for good once it resolves. */
  writeState(state: RegistryState): Promise<void>;
  /** @returns null when there is none; the bytes as they are, right or wrong */
  readArtifact(digest: string): Promise<Uint8Array | null>;
  writeArtifact(digest: string, bytes: Uint8Array): Promise<void>;
  /** Digests that artifacts are stored under. */
  listArtifacts(): Promise<readonly string[]>;
  /** Forgets all. */
  erase(): Promise<void>;
}

/** Where backups are: a store of its own, so that what befalls the replicas does not befall it. Names are of letters, digits and `-`. */
export interface BackupStore {
  write(name: string, bytes: Uint8Array): Promise<void>;
  read(name: string): Promise<Uint8Array | null>;
  list(): Promise<readonly string[]>;
  remove(name: string): Promise<void>;
}

/** Memory that outlives the node that uses it, but not its process. */
export const createMemoryStore = (): RegistryStore => {
  let kept: string | null = null;
  const artifacts = new Map<string, Uint8Array>();
  return {
    // As text, as a disk would keep it: what the node goes on to do to an object is not in it.
    readState: async () => (kept === null ? null : (JSON.parse(kept) as RegistryState)),
    async writeState(state) {
      kept = JSON.stringify(state);
    },
    readArtifact: async (digest) => artifacts.get(digest)?.slice() ?? null,
    async writeArtifact(digest, bytes) {
      artifacts.set(digest, bytes.slice());
    },
    listArtifacts: async () => [...artifacts.keys()],
    async erase() {
      kept = null;
      artifacts.clear();
    },
  };
};

export const createMemoryBackup = (): BackupStore => {
  const kept = new Map<string, Uint8Array>();
  return {
    async write(name, bytes) {
      kept.set(name, bytes.slice());
    },
    read: async (name) => kept.get(name)?.slice() ?? null,
    list: async () => [...kept.keys()],
    async remove(name) {
      kept.delete(name);
    },
  };
};
