import type { Leadership } from './leadership.ts';
import { idAt, majorityIndex, majorityOf } from './log.ts';
import type { AppendAnswer, Peers } from './peers.ts';
import type { RegistryPolicy } from './policy.ts';
import type { Replica } from './replica.ts';

/** What a leader sends to the other replicas. */
export interface Replication {
  /** A reign begins: nothing is known of the others yet. */
  begin(): void;
  /** There is something new. */
  wake(): void;
  /** How many of the other nodes have the entry with a good artifact, as far as they have said. */
  holders(index: number): number;
}

export interface ReplicationParts {
  readonly region: string;
  readonly policy: RegistryPolicy;
  readonly replica: Replica;
  readonly peers: Peers;
  readonly leadership: () => Leadership;
  readonly stopped: AbortSignal;
}

/** Entries in one request, for each brings an artifact with it; a replica that is further behind gets more at once after it. */
const MAX_PIECE = 20;
/** How far to go back where logs do not meet: they part by little, if at all. */
const STEP_BACK = 16;
/** A leader makes itself heard this often in a lease. */
const BEATS_PER_LEASE = 4;

interface Follower {
  readonly region: string;
  nextIndex: number;
  /** Up to here it is known to have the leader's log. */
  matchIndex: number;
  /** Entries below `matchIndex` whose artifact it does not have. */
  readonly missing: Set<number>;
  reachesLeader: boolean;
  shippedAtMs: number;
  isAsked: boolean;
  /** Came while a request was under way. */
  isWanted: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export const createReplication = (parts: ReplicationParts): Replication => {
  const { region, policy, replica, peers, leadership, stopped } = parts;
  const isSync = policy.replication === 'sync';
  const beatMs = policy.leaseMs / BEATS_PER_LEASE;
  const intervalMs = isSync ? beatMs : Math.min(beatMs, policy.replicationIntervalMs);
  let followers: readonly Follower[] = [];

  const commit = () =>
    replica.inTurn(async () => {
      const { state } = replica;
      const index = majorityIndex([state.entries.length, ...followers.map(({ matchIndex }) => matchIndex)]);
      // What earlier leaders left is settled by an entry of the own reign behind it (Raft, 5.4.2).
      const isOwn = state.entries[index - 1]?.epoch === state.epoch;
      if (!leadership().isLeader || !isOwn || index <= state.commitIndex) return false;
      await replica.save({ ...state, commitIndex: index });
      return true;
    });

  const learn = async (follower: Follower, answer: AppendAnswer, sent: readonly { readonly digest: string; index: number }[]) => {
    if (answer.matchIndex === null) {
      follower.nextIndex = Math.max(1, Math.min(answer.lastIndex + 1, follower.nextIndex - STEP_BACK));
      follower.isWanted = true;
      return;
    }
    follower.matchIndex = Math.max(follower.matchIndex, answer.matchIndex);
    follower.nextIndex = answer.matchIndex + 1;
    for (const { digest, index } of sent) {
      if (answer.missing.includes(digest)) follower.missing.add(index);
      else follower.missing.delete(index);
    }
    // The others are to learn at once how far all is settled, for readers see no further.
    if ((await commit()) && isSync) for (const other of followers) send(other);
  };

  const ask = async (follower: Follower): Promise<void> => {
    const { state } = replica;
    const nowMs = performance.now();
    const prevIndex = follower.nextIndex - 1;
    const ships = isSync || nowMs - follower.shippedAtMs >= policy.replicationIntervalMs;
    const entries = ships ? state.entries.slice(prevIndex, prevIndex + MAX_PIECE) : [];
    const answer = await peers.append(follower.region, {
      from: region,
      epoch: state.epoch,
      prevIndex,
      prevId: idAt(state, prevIndex),
      entries,
      commitIndex: state.commitIndex,
      visibleIndex: replica.visibleIndex,
    });
    if (!leadership().isLeader || replica.state.epoch !== state.epoch) return;
    if (answer.epoch > state.epoch) return leadership().yieldTo(answer.epoch);
    if (!answer.isFollowing) return;
    leadership().answered(follower.region, nowMs);
    follower.reachesLeader = answer.reachesLeader;
    const reached = followers.filter(({ reachesLeader }) => reachesLeader).length + 1;
    if (reached < majorityOf(followers.length + 1)) return leadership().resign();
    const isWhole = prevIndex + entries.length === replica.state.entries.length;
    if (ships && answer.matchIndex !== null && isWhole) follower.shippedAtMs = nowMs;
    else if (ships && answer.matchIndex === prevIndex + entries.length) follower.isWanted = true;
    const sent = entries.flatMap(({ change }, at) =>
      change.type === 'publish' ? [{ digest: change.digest, index: prevIndex + at + 1 }] : [],
    );
    await learn(follower, answer, sent);
  };

  const send = (follower: Follower): void => {
    if (stopped.aborted || !followers.includes(follower) || !leadership().isLeader) return;
    if (follower.isAsked) {
      follower.isWanted = true;
      return;
    }
    clearTimeout(follower.timer);
    follower.isAsked = true;
    ask(follower)
      .catch(() => {
        follower.isWanted = false;
      })
      .finally(() => {
        follower.isAsked = false;
        if (stopped.aborted) return;
        const isWanted = follower.isWanted;
        follower.isWanted = false;
        if (isWanted) send(follower);
        else follower.timer = setTimeout(() => send(follower), intervalMs);
      });
  };

  const end = () => {
    for (const { timer } of followers) clearTimeout(timer);
    followers = [];
  };
  stopped.addEventListener('abort', end);

  return {
    begin() {
      end();
      followers = peers.regions.map((peer) => ({
        region: peer,
        nextIndex: replica.state.entries.length,
        matchIndex: 0,
        missing: new Set(),
        reachesLeader: true,
        shippedAtMs: Number.NEGATIVE_INFINITY,
        isAsked: false,
        isWanted: false,
        timer: undefined,
      }));
      for (const follower of followers) send(follower);
    },
    wake() {
      if (isSync) for (const follower of followers) send(follower);
    },
    holders: (index) => followers.filter(({ matchIndex, missing }) => matchIndex >= index && !missing.has(index)).length,
  };
};
