import { sleep } from '../abort.ts';
import { type Announce, createAnnounce } from '../announce.ts';
import { messageOf } from '../errors.ts';
import { type Artifacts, createArtifacts } from './artifacts.ts';
import { type Backup, createBackup } from './backup.ts';
import { digestOf } from './digest.ts';
import { createFollow, type Follow } from './follow.ts';
import type { Leadership } from './leadership.ts';
import { createLeaseLeadership } from './lease-leadership.ts';
import { createPeers, type RegistryAddress } from './peers.ts';
import type { RegistryPolicy } from './policy.ts';
import { createPublish, entryOf, type Publish } from './publish.ts';
import { openReplica, type Replica } from './replica.ts';
import { createReplication, type Replication } from './replication.ts';
import type { BackupStore, RegistryStore } from './store.ts';
import { createUnfencedLeadership } from './unfenced-leadership.ts';

/** All that a node is told. Plain data. Contains a secret. */
export interface RegistryNodeConfig {
  /** Where it stands. */
  readonly region: string;
  /** Every node, itself among them, in the order in which they stand for leader. */
  readonly nodes: readonly RegistryAddress[];
  readonly policy: RegistryPolicy;
  /** Bearer of whoever may write: the other nodes, and publishers. */
  readonly token: string;
}

/** What a blank registry begins with. */
export interface Seed {
  readonly model: string;
  readonly alias: string;
  /** What is stored as its first version. */
  bytes(signal: AbortSignal): Promise<Uint8Array>;
}

export interface RegistryNodeDependencies {
  readonly store: RegistryStore;
  readonly backup: BackupStore;
  readonly seed?: Seed;
  /** For calls to the other nodes. */
  readonly fetch: typeof globalThis.fetch;
  /** Hears in words what the node did; a few a second at most, and no secrets. */
  readonly onEvent?: (text: string) => void;
  /** It leads from now on. */
  readonly onReign?: () => void;
}

/** A node from one start to its end. */
export interface RegistryLife {
  readonly region: string;
  readonly replica: Replica;
  readonly artifacts: Artifacts;
  readonly leadership: Leadership;
  readonly follow: Follow;
  readonly publish: Publish;
  stop(): void;
}

/** Calls of a node are given up after this part of a lease: a peer that is dead must not hold up what the others could settle. */
const CALL_SHARE = 0.4;

interface ReignParts {
  readonly replica: Replica;
  readonly artifacts: Artifacts;
  readonly replication: Replication;
  readonly seed: Seed | undefined;
  readonly region: string;
  readonly announce: Announce;
  readonly stopped: AbortSignal;
}

/** From one try to make the first version to the next. */
const SEED_AGAIN_MS = 200;

/** The first version's bytes, however long its keys take to come. */
const bytesOf = async (seed: Seed, { announce, stopped }: ReignParts): Promise<Uint8Array> => {
  for (;;) {
    try {
      return await seed.bytes(stopped);
    } catch (error) {
      stopped.throwIfAborted();
      announce.trouble('seed', `registry: the first version cannot be made: ${messageOf(error)}`);
      await sleep(SEED_AGAIN_MS, stopped);
    }
  }
};

/** A reign's first entry; in a registry that has nothing, what it begins with behind it. */
const beginReign = async (parts: ReignParts): Promise<void> => {
  const { replica, artifacts, replication, seed, region } = parts;
  const { state } = replica;
  const entries = [...state.entries, entryOf(state.epoch, { type: 'reign', leader: region })];
  if (state.entries.length === 0 && seed) {
    const { model, alias } = seed;
    const bytes = await bytesOf(seed, parts);
    const digest = digestOf(bytes);
    await artifacts.write(digest, bytes);
    entries.push(entryOf(state.epoch, { type: 'publish', model, version: 1, digest, sizeBytes: bytes.byteLength, alias }));
  }
  await replica.save({ ...state, entries });
  replication.begin();
};

/** Takes what the backup has of the log, for a replica that has nothing. */
const recoverLog = async (replica: Replica, backup: Backup): Promise<void> => {
  const snapshot = await backup.restoreLog();
  if (!snapshot) return;
  await replica.inTurn(async () => {
    const { state } = replica;
    if (state.entries.length > 0) return;
    const { entries } = snapshot;
    await replica.save({ epoch: Math.max(state.epoch, snapshot.epoch), votedFor: null, entries, commitIndex: entries.length });
  });
};

const keepBackingUp = async (
  life: Omit<RegistryLife, 'publish' | 'follow'>,
  backup: Backup,
  intervalMs: number,
  stopped: AbortSignal,
) => {
  const { replica, artifacts, leadership } = life;
  const readGood = async (digest: string) => {
    const bytes = await artifacts.read(digest);
    return bytes && artifacts.isGood(digest, bytes) ? bytes : null;
  };
  while (!stopped.aborted) {
    await sleep(intervalMs, stopped);
    if (leadership.mayWrite()) await backup.take(replica.state, replica.visibleIndex, readGood);
  }
};

/**
 * @param isHeld whether a fault keeps the replica from applying anything
 */
export const startLife = async (
  { region, nodes, policy, token }: RegistryNodeConfig,
  { store, backup: backupStore, seed, fetch, onEvent, onReign }: RegistryNodeDependencies,
  isHeld: () => boolean,
): Promise<RegistryLife> => {
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const announce: Announce = createAnnounce(onEvent);
  const replica = await openReplica(store, policy.replication === 'async');
  const peers = createPeers({ region, nodes, token, timeoutMs: policy.leaseMs * CALL_SHARE, fetch, stopped });
  const hasBackup = policy.backupIntervalMs > 0;
  const backup = createBackup(region, policy, backupStore, announce, stopped);
  const fromBackup = async (digest: string) => (hasBackup ? backup.restoreArtifact(digest) : null);
  const artifacts = createArtifacts({ region, policy, store, replica, peers, announce, stopped, fromBackup });
  const replication = createReplication({ region, policy, replica, peers, leadership: () => leadership, stopped });
  const leadership: Leadership = (policy.fencing ? createLeaseLeadership : createUnfencedLeadership)({
    region,
    regions: nodes.map((node) => node.region),
    policy,
    replica,
    peers,
    announce,
    stopped,
    async onReign() {
      onReign?.();
      await beginReign({ replica, artifacts, replication, seed, region, announce, stopped });
    },
    recover: async () => {
      if (hasBackup) await recoverLog(replica, backup);
    },
  });
  const life = { region, replica, artifacts, leadership, stop: () => stopping.abort(new Error('The replica is stopped.')) };
  leadership.start();
  artifacts.start();
  if (hasBackup) keepBackingUp(life, backup, policy.backupIntervalMs, stopped).catch(() => undefined);
  return {
    ...life,
    publish: createPublish({ nodes: nodes.length, policy, replica, artifacts, leadership, replication, stopped }),
    follow: createFollow({ region, replica, artifacts, leadership, announce, peers, patienceMs: policy.leaseMs, isHeld }),
  };
};
