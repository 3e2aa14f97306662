import type { Announce } from '../announce.ts';
import type { Caller, Priority } from '../caller.ts';
import type { Design } from '../config.ts';
import type { Deadline } from '../deadline.ts';
import { Refused } from '../errors.ts';
import { createWaitingRoom, type Waiting } from './waiting.ts';

/** Decides which requests are taken up, and when. */
export interface Admission {
  /**
   * Waits until the request may begin.
   * @returns to be called when it has ended
   * @throws {Refused} `too-many` or `over-share`; the deadline's reason when it ends first
   */
  enter(caller: Caller, deadline: Deadline): Promise<Leave>;
}

/** @param isByLink a link has answered: that tells how fast an answer can be */
export type Leave = (isByLink: boolean) => void;

/** How many requests may be under way now. */
export type CurrentLimit = () => number;

interface Guest extends Waiting {
  /** When it can no longer be answered in time, even if it begins at once. */
  readonly endsAtMs: number;
  begin(): void;
  refuse(why: string): void;
}

/** The fastest answer that was seen lately is forgotten by this share with each answer. */
const FORGOTTEN = 1.01;

type Policy = Exclude<Design['admission'], false>;

/** Requests under way, by tenant. */
const createTally = () => {
  const counts = new Map<string, number>();
  let sum = 0;
  const add = (tenant: string, by: 1 | -1) => {
    const count = (counts.get(tenant) ?? 0) + by;
    if (count === 0) counts.delete(tenant);
    else counts.set(tenant, count);
    sum += by;
  };
  return {
    add,
    of: (tenant: string): number => counts.get(tenant) ?? 0,
    /** Whether a tenant has more than it would have if all had the same. */
    isOverShare: (tenant: string): boolean => counts.size > 1 && (counts.get(tenant) ?? 0) > sum / counts.size,
    /** Whether another tenant has more. */
    isPassed(tenant: string): boolean {
      const own = counts.get(tenant) ?? 0;
      for (const count of counts.values()) if (count > own) return true;
      return false;
    },
    get sum() {
      return sum;
    },
  };
};

/**
 * Admission before all other work, so that a refusal costs next to nothing. While there is room every request begins at once. Beyond, a bounded few
 * wait; where some of a priority, or a more critical one, have been waiting without a break, waiting helps nobody of that priority any more, but
 * those whose tenant has less under way than another: newcomers may wait only shortly and the newest is first, for its caller still waits (Maurer, "Fail at Scale", ACM Queue 2015: controlled delay and adaptive LIFO).
 */
export const createAdmission = (policy: Policy, limit: CurrentLimit, announce: Announce): Admission => {
  const underWay = createTally();
  const room = createWaitingRoom<Guest>({
    limit: policy.queueLimit,
    byPriority: policy.byPriority,
    byTenant: policy.byTenant,
    inFlightOf: underWay.of,
    isNewestFirst: (priority) => policy.order === 'newest' || (policy.order === 'adaptive' && isStanding(priority)),
  });
  let fastestMs = 0;

  const isStanding = (priority: Priority): boolean => room.stoodMs(priority) > policy.maxWaitMs;

  /** Whether those who have been waiting are before it: who has less under way than they is next all the same. */
  const isBehindOthers = ({ tenant, priority }: Caller): boolean =>
    isStanding(priority) && !(policy.byTenant && underWay.isPassed(tenant));

  const refusalOf = (tenant: string, why: string): Refused => {
    announce.spell('admission', `requests refused: ${why}`);
    const isOverShare = policy.byTenant && underWay.isOverShare(tenant);
    return isOverShare
      ? new Refused('over-share', `Refused: ${why}, and ${tenant || 'the tenant'} has more than its share.`, policy.retryAfterMs)
      : new Refused('too-many', `Refused: ${why}.`, policy.retryAfterMs);
  };

  const begin = (tenant: string): Leave => {
    const startedAtMs = performance.now();
    underWay.add(tenant, 1);
    return (isByLink) => {
      underWay.add(tenant, -1);
      if (isByLink) {
        const tookMs = performance.now() - startedAtMs;
        fastestMs = fastestMs === 0 ? tookMs : Math.min(tookMs, fastestMs * FORGOTTEN);
      }
      takeUp();
    };
  };

  /** Lets those in for whom there is room; who can no longer be answered in time is not begun. */
  const takeUp = () => {
    while (room.size > 0 && underWay.sum < limit()) {
      const guest = room.next()!;
      if (performance.now() + fastestMs > guest.endsAtMs) guest.refuse('it can no longer be answered in time');
      else guest.begin();
    }
  };

  const wait = (caller: Caller, deadline: Deadline): Promise<Leave> =>
    new Promise((resolve, reject) => {
      const { tenant, priority } = caller;
      const { signal } = deadline;
      const nowMs = performance.now();
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onEnd);
      };
      const guest: Guest = {
        tenant,
        priority,
        endsAtMs: nowMs + deadline.remainingMs(),
        begin() {
          settle();
          resolve(begin(tenant));
        },
        refuse(why) {
          settle();
          reject(refusalOf(tenant, why));
        },
      };
      const onEnd = () => {
        settle();
        room.remove(guest);
        reject(signal.reason);
      };
      const timer = setTimeout(
        () => {
          room.remove(guest);
          guest.refuse('there is more than can be served');
        },
        isBehindOthers(caller) ? policy.standingWaitMs : policy.maxWaitMs,
      );
      signal.addEventListener('abort', onEnd);
      room.add(guest)?.refuse('there is more than can be served, and no place to wait is left');
    });

  return {
    enter(caller, deadline) {
      if (room.size > 0) takeUp();
      if (room.size === 0 && underWay.sum < limit()) return Promise.resolve(begin(caller.tenant));
      if (deadline.signal.aborted) return Promise.reject(deadline.signal.reason);
      return wait(caller, deadline);
    },
  };
};
