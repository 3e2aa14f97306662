import type { Announce } from '../announce.ts';
import type { Artifacts } from './artifacts.ts';
import type { Leadership } from './leadership.ts';
import { fitIn } from './log.ts';
import type { AppendAnswer, AppendRequest, Peers } from './peers.ts';
import type { Replica } from './replica.ts';

export interface FollowParts {
  readonly region: string;
  readonly replica: Replica;
  readonly artifacts: Artifacts;
  readonly leadership: Leadership;
  readonly announce: Announce;
  readonly peers: Peers;
  /** How long a leader may be out of reach before it is told, milliseconds. */
  readonly patienceMs: number;
  /** Whether the replica applies nothing: a fault holds it. */
  readonly isHeld: () => boolean;
}

/** A replica's part in replication. */
export interface Follow {
  append(request: AppendRequest): Promise<AppendAnswer>;
  /** When the replica last had all that its leader showed to readers, by `performance.now()`; null before the first time. */
  readonly caughtUpAtMs: number | null;
}

export const createFollow = (parts: FollowParts): Follow => {
  const { region, replica, artifacts, leadership, announce, peers, patienceMs, isHeld } = parts;
  let caughtUpAtMs: number | null = null;
  /** Whether the leader answers: looked at when it is heard from, one look at a time. */
  let reach: { readonly leader: string; isAsked: boolean; reachedAtMs: number } | undefined;

  const lookBack = (leader: string) => {
    if (reach?.leader !== leader) reach = { leader, isAsked: false, reachedAtMs: performance.now() };
    const looking = reach;
    if (looking.isAsked) return;
    looking.isAsked = true;
    void peers.ping(leader).then((isThere) => {
      looking.isAsked = false;
      if (isThere) looking.reachedAtMs = performance.now();
    });
  };

  const answer = (isFollowing: boolean, matchIndex: number | null, missing: readonly string[] = []): AppendAnswer => ({
    epoch: replica.state.epoch,
    isFollowing,
    matchIndex,
    lastIndex: replica.state.entries.length,
    missing,
    reachesLeader: reach === undefined || performance.now() - reach.reachedAtMs < patienceMs,
  });

  /**
   * Artifacts come before the entries that name them: the piece ends before the first whose leader did not give it. Where the leader has no good
   * one itself, waiting would hold up all that comes after.
   */
  const fetchArtifacts = async (
    request: AppendRequest,
  ): Promise<{ readonly piece: AppendRequest; missing: readonly string[] }> => {
    const { from, entries } = request;
    const found = await Promise.all(
      entries.map(async ({ change }) => (change.type === 'publish' ? artifacts.ensure(change.digest, [from]) : 'good')),
    );
    const end = found.indexOf('unknown');
    const missing = entries.flatMap(({ change }, at) =>
      change.type === 'publish' && found[at] !== 'good' ? [change.digest] : [],
    );
    return { piece: end === -1 ? request : { ...request, entries: entries.slice(0, end) }, missing };
  };

  const apply = async (request: AppendRequest, missing: readonly string[]): Promise<AppendAnswer> => {
    const { state } = replica;
    const fitted = fitIn(state, request);
    if (!fitted) return answer(true, null);
    const matchIndex = request.prevIndex + request.entries.length;
    const lost = fitted.dropped.filter(({ change }) => change.type === 'publish').length;
    if (lost > 0)
      announce.note(`registry ${region} dropped`, `registry ${region}: dropped ${lost} versions that the leader does not have`);
    const kept = Math.min(state.commitIndex, fitted.dropped.length > 0 ? matchIndex : state.commitIndex);
    const commitIndex = Math.max(kept, Math.min(request.commitIndex, matchIndex));
    if (fitted.entries !== state.entries || commitIndex !== state.commitIndex) {
      await replica.save({ ...replica.state, entries: fitted.entries, commitIndex });
    }
    return answer(true, matchIndex, missing);
  };

  return {
    get caughtUpAtMs() {
      return caughtUpAtMs;
    },
    async append(request) {
      const receivedAtMs = performance.now();
      const isHeard = await replica.inTurn(() => leadership.hear(request.from, request.epoch));
      if (!isHeard) return answer(false, null);
      lookBack(request.from);
      // Answers, and does nothing: what stands before the piece is all that it vouches for.
      if (isHeld())
        return fitIn(replica.state, { ...request, entries: [] }) ? answer(true, request.prevIndex) : answer(true, null);
      const { piece, missing } = await fetchArtifacts(request);
      return replica.inTurn(async () => {
        if (leadership.isLeader || leadership.leader !== request.from || replica.state.epoch !== request.epoch) {
          return answer(false, null);
        }
        const applied = await apply(piece, missing);
        if (applied.matchIndex !== null && replica.visibleIndex >= request.visibleIndex) caughtUpAtMs = receivedAtMs;
        return applied;
      });
    },
  };
};
