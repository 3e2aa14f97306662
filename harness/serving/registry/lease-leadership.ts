import { sleep } from '../abort.ts';
import type { Leadership, LeadershipParts } from './leadership.ts';
import { LOOKS_PER_LEASE } from './leadership.ts';
import { endOf, isAsComplete, isBlank, majorityIndex, majorityOf } from './log.ts';
import type { VoteAnswer, VoteRequest } from './peers.ts';

/** A leader believes in its lease for a little shorter than its followers do: clocks need not run alike to the last percent. */
const LEADERS_SHARE = 0.9;

/** Who has resigned stands again after so many leases, and no earlier. */
const RESIGNED_LEASES = 3;

interface Poll {
  readonly hasWon: boolean;
  readonly highestEpoch: number;
  readonly areAllBlank: boolean;
  /** Who granted. */
  readonly granted: readonly string[];
}

/**
 * Leadership by votes and leases, after Raft (Ongaro, Ousterhout, 2014) with its pre-vote, and a leader's lease as openraft has it (docs.rs/openraft,
 * "Leader lease", read November 2026): the leader acts for a lease from when it asked those who have answered, a majority with itself; who has
 * heard from a leader votes for no other within a lease. So two never act at a time. A reign's epoch is a fencing token: replicas refuse lower ones.
 *
 * A replica that has nothing may have lost its votes with the rest: its vote counts only where every node votes.
 */
export const createLeaseLeadership = (parts: LeadershipParts): Leadership => {
  const { region, regions, policy, replica, peers, announce, stopped, onReign, recover } = parts;
  const { leaseMs } = policy;
  const rank = regions.indexOf(region);
  const now = () => performance.now();

  let isLeader = false;
  let leader: string | null = null;
  let heardAtMs = now();
  // What a former life promised is not known any more: as much as it can have been.
  let promisedUntilMs = isBlank(replica.state) ? 0 : now() + leaseMs;
  let nextTryAtMs = now() + (isBlank(replica.state) ? 0 : leaseMs) + rank * (leaseMs / 4);
  const answeredAtMs = new Map<string, number>();

  const follow = (whom: string | null) => {
    if (isLeader) announce.note(`registry ${region}`, `registry ${region}: leads no longer`);
    isLeader = false;
    leader = whom;
  };

  /** A node's leader is dead to it after a lease; those further down the list wait longer, so that few stand at the same time. */
  const postpone = () => {
    heardAtMs = now();
    nextTryAtMs = heardAtMs + leaseMs * (1 + rank / 4 + Math.random() / 8);
  };

  const adopt = async (epoch: number) => {
    if (epoch <= replica.state.epoch) return;
    await replica.save({ ...replica.state, epoch, votedFor: null });
    follow(null);
  };

  /**
   * Where nobody has anything, who leads goes by the list, and not by whose process came up first. The vote of all is needed then, so that whoever
   * can give one can also stand.
   */
  const standsBefore = ({ from, lastIndex }: VoteRequest) => lastIndex === 0 && rank < regions.indexOf(from);

  // With the epoch that it is in, and not the one that it asks about: a trial that fails must not raise any.
  const ownGrant = (): VoteAnswer => ({
    epoch: replica.state.epoch,
    isGranted: true,
    isBlank: replica.state.entries.length === 0,
  });

  /** Asks all for their votes, until they suffice or all have answered. */
  const poll = (epoch: number, isTrial: boolean): Promise<Poll> =>
    new Promise((resolve) => {
      const answers = new Map<string, VoteAnswer>([[region, ownGrant()]]);
      let pending = peers.regions.length;
      const request = { from: region, epoch, isTrial, ...endOf(replica.state) };
      const settle = () => {
        const all = [...answers.values()];
        const granted = all.filter(({ isGranted }) => isGranted);
        const hasWon =
          granted.filter((answer) => !answer.isBlank).length >= majorityOf(regions.length) || granted.length === regions.length;
        if (!hasWon && pending > 0) return;
        resolve({
          hasWon,
          highestEpoch: Math.max(...all.map((answer) => answer.epoch)),
          areAllBlank: all.length === regions.length && all.every((answer) => answer.isBlank),
          granted: [...answers].filter(([, { isGranted }]) => isGranted).map(([who]) => who),
        });
      };
      const count = (who: string, answer: VoteAnswer | undefined) => {
        pending -= 1;
        if (answer) answers.set(who, answer);
        settle();
      };
      for (const who of peers.regions) {
        peers.vote(who, request).then(
          (answer) => count(who, answer),
          () => count(who, undefined),
        );
      }
      settle();
    });

  const stand = async () => {
    const trial = await poll(replica.state.epoch + 1, true);
    if (!trial.hasWon) return replica.inTurn(() => adopt(trial.highestEpoch));
    if (trial.areAllBlank) await recover();
    const epoch = await replica.inTurn(async () => {
      const { state } = replica;
      if (isLeader || promisedUntilMs > now()) return null;
      await replica.save({ ...state, epoch: state.epoch + 1, votedFor: region });
      follow(null);
      return state.epoch + 1;
    });
    if (epoch === null) return;
    const askedAtMs = now();
    const votes = await poll(epoch, false);
    await replica.inTurn(async () => {
      await adopt(votes.highestEpoch);
      const { state } = replica;
      if (!votes.hasWon || state.epoch !== epoch || state.votedFor !== region) return;
      answeredAtMs.clear();
      for (const who of votes.granted) answeredAtMs.set(who, askedAtMs);
      isLeader = true;
      leader = region;
      announce.note(`registry ${region}`, `registry ${region}: leads, epoch ${epoch}`);
      await onReign();
    });
  };

  const mayWrite = () => {
    if (!isLeader) return false;
    const heard = regions.map((who) => (who === region ? now() : (answeredAtMs.get(who) ?? Number.NEGATIVE_INFINITY)));
    return now() < majorityIndex(heard) + leaseMs * LEADERS_SHARE;
  };

  const look = async () => {
    while (!stopped.aborted) {
      if (!isLeader && now() >= Math.max(nextTryAtMs, promisedUntilMs)) {
        postpone();
        // Sooner than after a silence: nobody leads.
        nextTryAtMs = now() + leaseMs * (0.25 + rank / 8 + Math.random() / 8);
        await stand().catch(() => undefined);
      }
      await sleep(leaseMs / LOOKS_PER_LEASE, stopped);
    }
  };

  return {
    get isLeader() {
      return isLeader;
    },
    get leader() {
      return leader;
    },
    mayWrite,
    async hear(from, epoch) {
      if (epoch < replica.state.epoch) return false;
      await adopt(epoch);
      // Its own append, in the end: nobody else reigns in the epoch.
      if (isLeader) return false;
      leader = from;
      promisedUntilMs = now() + leaseMs;
      postpone();
      return true;
    },
    async vote(request) {
      // A leader that replicas cannot reach could tell them of a version, and they could not get it.
      const isReached = !request.isTrial || (await peers.ping(request.from));
      return replica.inTurn(async () => {
        const { state } = replica;
        const isOwnBlank = state.entries.length === 0;
        const answer = (isGranted: boolean): VoteAnswer => ({ epoch: replica.state.epoch, isGranted, isBlank: isOwnBlank });
        const isTaken = request.epoch === state.epoch && state.votedFor !== null && state.votedFor !== request.from;
        if (request.epoch < state.epoch || isTaken || mayWrite() || promisedUntilMs > now()) return answer(false);
        if (!isReached || !isAsComplete(request, endOf(state)) || standsBefore(request)) return answer(false);
        if (request.isTrial) return answer(true);
        await replica.save({ ...state, epoch: request.epoch, votedFor: request.from });
        follow(null);
        promisedUntilMs = now() + leaseMs;
        postpone();
        return answer(true);
      });
    },
    answered(who, sentAtMs) {
      answeredAtMs.set(who, Math.max(sentAtMs, answeredAtMs.get(who) ?? Number.NEGATIVE_INFINITY));
    },
    resign: () =>
      replica.inTurn(async () => {
        follow(null);
        postpone();
        nextTryAtMs = now() + leaseMs * RESIGNED_LEASES;
      }),
    yieldTo: (epoch) => replica.inTurn(() => adopt(epoch)),
    start() {
      look().catch(() => undefined);
    },
  };
};
