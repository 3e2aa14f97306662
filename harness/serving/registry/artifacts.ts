import { sleep } from '../abort.ts';
import type { Announce } from '../announce.ts';
import { digestOf } from './digest.ts';
import type { Peers } from './peers.ts';
import type { RegistryPolicy } from './policy.ts';
import type { Replica } from './replica.ts';
import type { RegistryStore } from './store.ts';

/** A node's artifacts. */
export interface Artifacts {
  /** As stored, right or wrong; as it came while it is held. */
  read(digest: string): Promise<Uint8Array | null>;
  write(digest: string, bytes: Uint8Array): Promise<void>;
  /** Keeps the bytes in memory as well, whatever the disk makes of them, until the returned function is called. */
  hold(digest: string, bytes: Uint8Array): () => void;
  /** Whether a good one is stored. */
  isStoredWell(digest: string): Promise<boolean>;
  /** Whether the bytes are what the digest says; always, where digests are not checked. */
  isGood(digest: string, bytes: Uint8Array): boolean;
  /**
   * Sees to it that a good one is stored, from a peer if need be.
   * @returns `bad` where each peer said that it has none, or gave wrong bytes; `unknown` where one did not answer
   */
  ensure(digest: string, peers: readonly string[]): Promise<'good' | 'bad' | 'unknown'>;
  /** Checks every artifact in the interval of the policy, and has the bad ones anew: from a peer, else from the backup. */
  start(): void;
}

export interface ArtifactsParts {
  readonly region: string;
  readonly policy: RegistryPolicy;
  readonly store: RegistryStore;
  readonly replica: Replica;
  readonly peers: Peers;
  readonly announce: Announce;
  readonly stopped: AbortSignal;
  /** The bytes that the backup has of it, and null where it has none. */
  readonly fromBackup: (digest: string) => Promise<Uint8Array | null>;
}

export const createArtifacts = (parts: ArtifactsParts): Artifacts => {
  const { region, policy, store, replica, peers, announce, stopped, fromBackup } = parts;
  const isGood = (digest: string, bytes: Uint8Array) => !policy.verifyDigest || digestOf(bytes) === digest;

  const held = new Map<string, Uint8Array>();

  const isStoredWell = async (digest: string): Promise<boolean> => {
    const bytes = await store.readArtifact(digest);
    return bytes !== null && isGood(digest, bytes);
  };

  const take = async (digest: string, source: Promise<Uint8Array | null>): Promise<'good' | 'bad' | 'unknown'> => {
    const bytes = await source.catch(() => undefined);
    if (bytes === undefined) return 'unknown';
    if (bytes === null || !isGood(digest, bytes)) return 'bad';
    await store.writeArtifact(digest, bytes);
    // Read back: a bad disk says that it has written.
    return (await isStoredWell(digest)) ? 'good' : 'bad';
  };

  const ensure: Artifacts['ensure'] = async (digest, from) => {
    if (await isStoredWell(digest)) return 'good';
    let worst: 'bad' | 'unknown' = 'bad';
    for (const peer of from) {
      const taken = await take(digest, peers.artifact(peer, digest));
      if (taken === 'good') return taken;
      if (taken === 'unknown') worst = taken;
    }
    return worst;
  };

  const repair = async (digest: string): Promise<void> => {
    if (await isStoredWell(digest)) return;
    const subject = `registry ${region} artifact ${digest.slice(0, 8)}`;
    if ((await ensure(digest, peers.regions)) === 'good') {
      announce.note(`registry ${region} repair`, `${subject}: repaired from a replica`);
    } else if ((await take(digest, fromBackup(digest))) === 'good') {
      announce.note(`registry ${region} restore`, `${subject}: restored from the backup`);
    } else announce.spell(`registry ${region} lost artifact`, `${subject}: no good copy anywhere`);
  };

  const scrub = async () => {
    while (!stopped.aborted) {
      await sleep(policy.scrubIntervalMs, stopped);
      const digests = replica.state.entries.flatMap(({ change }) => (change.type === 'publish' ? [change.digest] : []));
      // The newest first: it is the one that is asked for.
      for (const digest of [...new Set(digests)].reverse()) await repair(digest);
    }
  };

  return {
    read: async (digest) => held.get(digest) ?? store.readArtifact(digest),
    write: (digest, bytes) => store.writeArtifact(digest, bytes),
    hold(digest, bytes) {
      held.set(digest, bytes);
      return () => void held.delete(digest);
    },
    isStoredWell,
    isGood,
    ensure,
    start() {
      scrub().catch(() => undefined);
    },
  };
};
