import { PRIORITIES, type Priority } from '../caller.ts';

/** A request that waits to be admitted. */
export interface Waiting {
  readonly priority: Priority;
  readonly tenant: string;
}

/** Requests that wait, in a bounded room. */
export interface WaitingRoom<Guest extends Waiting> {
  readonly size: number;
  /**
   * How long a request of that priority has found others before it, without a break, milliseconds: of its own priority or a more critical one. 0 where
   * none is there.
   */
  stoodMs(priority: Priority): number;
  /** @returns who has to leave for it, which may be the newcomer itself; undefined when there is a place */
  add(newcomer: Guest): Guest | undefined;
  /** Takes out who is next. */
  next(): Guest | undefined;
  /** Takes out one that waits no longer. */
  remove(guest: Guest): void;
}

export interface WaitingRules {
  /** Places, at least 0. */
  readonly limit: number;
  readonly byPriority: boolean;
  readonly byTenant: boolean;
  /** Of equals, the newest rather than the oldest is next, and the oldest leaves first. */
  isNewestFirst(priority: Priority): boolean;
  /** Requests of a tenant that are under way. */
  inFlightOf(tenant: string): number;
}

const RANKS = Object.fromEntries(PRIORITIES.map((name, rank) => [name, rank])) as Readonly<Record<Priority, number>>;

/**
 * Who is next: the most critical, of these whose tenant has the least under way, of these the oldest or the newest. Who has to leave: the least
 * critical, of these whose tenant has the most under way and waiting, of these the one
 * that would be next last.
 *
 * One list that is searched: it is short, and is only there in an overload.
 */
export const createWaitingRoom = <Guest extends Waiting>(rules: WaitingRules): WaitingRoom<Guest> => {
  const { limit, byPriority, byTenant, inFlightOf, isNewestFirst } = rules;
  /** The oldest first. */
  const guests: Guest[] = [];
  /** By rank, since when there are guests of that rank or a more critical one. */
  const sinceMs = PRIORITIES.map(() => Number.POSITIVE_INFINITY);
  const rankOf = ({ priority }: Pick<Waiting, 'priority'>): number => (byPriority ? RANKS[priority] : 0);

  /** After each change. */
  const note = () => {
    const first = guests.reduce((least, guest) => Math.min(least, rankOf(guest)), Number.POSITIVE_INFINITY);
    for (let rank = 0; rank < sinceMs.length; rank += 1) {
      if (rank < first) sinceMs[rank] = Number.POSITIVE_INFINITY;
      else if (sinceMs[rank] === Number.POSITIVE_INFINITY) sinceMs[rank] = performance.now();
    }
  };

  const takeAt = (at: number): Guest => {
    const guest = guests.splice(at, 1)[0]!;
    note();
    return guest;
  };

  /** The guest that no other comes before. @param order below 0 when the first comes before the second */
  const firstBy = (order: (a: Guest, b: Guest) => number): Guest | undefined => {
    let best = -1;
    for (let at = 0; at < guests.length; at += 1) if (best < 0 || order(guests[at]!, guests[best]!) < 0) best = at;
    return best < 0 ? undefined : takeAt(best);
  };

  const countWaiting = (): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const { tenant } of guests) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
    return counts;
  };

  return {
    get size() {
      return guests.length;
    },
    stoodMs: (priority) => Math.max(0, performance.now() - sinceMs[rankOf({ priority })]!),
    add(newcomer) {
      guests.push(newcomer);
      note();
      if (guests.length <= limit) return undefined;
      const waiting = countWaiting();
      const holdingOf = ({ tenant }: Guest): number => (byTenant ? inFlightOf(tenant) + waiting.get(tenant)! : 0);
      // Later in the list is younger: of equals the first that is met stays the choice.
      return firstBy((a, b) => rankOf(b) - rankOf(a) || holdingOf(b) - holdingOf(a) || (isNewestFirst(a.priority) ? 0 : -1));
    },
    next: () =>
      firstBy(
        (a, b) =>
          rankOf(a) - rankOf(b) ||
          (byTenant ? inFlightOf(a.tenant) - inFlightOf(b.tenant) : 0) ||
          (isNewestFirst(a.priority) ? -1 : 0),
      ),
    remove(guest) {
      const at = guests.indexOf(guest);
      if (at >= 0) takeAt(at);
    },
  };
};
