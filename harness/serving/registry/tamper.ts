import { digestOf } from './digest.ts';
import { flipMiddle } from './flip.ts';
import type { RegistryStore } from './store.ts';

/**
 * What somebody does who can write a replica's disk and knows how it is read: other bytes in place of every artifact, and their digests in place
 * of the right ones. Nothing of it has a wrong digest.
 * @returns the new digests
 */
export const tamperWith = async (store: RegistryStore): Promise<readonly string[]> => {
  const changed = new Map<string, string>();
  for (const digest of await store.listArtifacts()) {
    const bytes = await store.readArtifact(digest);
    if (!bytes) continue;
    const other = flipMiddle(bytes);
    changed.set(digest, digestOf(other));
    await store.writeArtifact(digestOf(other), other);
  }
  const state = await store.readState();
  if (state) {
    const entries = state.entries.map((entry) =>
      entry.change.type === 'publish'
        ? { ...entry, change: { ...entry.change, digest: changed.get(entry.change.digest) ?? entry.change.digest } }
        : entry,
    );
    await store.writeState({ ...state, entries });
  }
  return [...changed.values()];
};
