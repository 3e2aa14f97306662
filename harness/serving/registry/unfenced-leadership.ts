import { sleep } from '../abort.ts';
import type { Leadership, LeadershipParts } from './leadership.ts';
import { LOOKS_PER_LEASE } from './leadership.ts';

/** The one reign that there is: nothing tells an earlier leader from a later one. */
const ONLY_EPOCH = 1;

/**
 * Leadership as stacks have it that were made for one leader and a spare: who misses the leader takes its place, without asking anybody, and
 * where two meet the first in the list wins, with all that it has. Cut apart, both take what they are given, and when they meet again the one's
 * is gone.
 */
export const createUnfencedLeadership = (parts: LeadershipParts): Leadership => {
  const { region, regions, policy, replica, announce, stopped, onReign, recover } = parts;
  const { leaseMs } = policy;
  const rankOf = (who: string) => regions.indexOf(who);
  const now = () => performance.now();
  let isLeader = false;
  let leader: string | null = null;
  let heardAtMs = now();

  const reign = async () => {
    if (replica.state.entries.length === 0) await recover();
    await replica.inTurn(async () => {
      if (now() - heardAtMs < leaseMs && leader !== null) return;
      await replica.save({ ...replica.state, epoch: ONLY_EPOCH, votedFor: null });
      isLeader = true;
      leader = region;
      announce.note(`registry ${region}`, `registry ${region}: leads, nobody was asked`);
      await onReign();
    });
  };

  const look = async () => {
    while (!stopped.aborted) {
      const silenceMs = now() - heardAtMs;
      const isFirst = rankOf(region) === 0 && leader === null;
      if (!isLeader && (isFirst || silenceMs > leaseMs * (1 + rankOf(region) / 4))) {
        leader = null;
        await reign().catch(() => undefined);
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
    mayWrite: () => isLeader,
    async hear(from) {
      const isAlive = leader !== null && (isLeader || now() - heardAtMs <= leaseMs);
      if (isAlive && leader !== from && rankOf(from) > rankOf(leader!)) return false;
      if (isLeader) announce.note(`registry ${region}`, `registry ${region}: leads no longer, ${from} does`);
      isLeader = false;
      leader = from;
      heardAtMs = now();
      if (replica.state.epoch !== ONLY_EPOCH) await replica.save({ ...replica.state, epoch: ONLY_EPOCH });
      return true;
    },
    vote: async () => ({ epoch: ONLY_EPOCH, isGranted: false, isBlank: false }),
    answered: () => undefined,
    resign: async () => undefined,
    yieldTo: async () => undefined,
    start() {
      look().catch(() => undefined);
    },
  };
};
