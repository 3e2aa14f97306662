import { PRIORITIES, type Priority } from '../caller.ts';

/** A request that waits to be admitted. */
export interface Waiting {
  readonly priority: Priority;
  readonly tenant: string;
}

/** Requests that wait, in a bounded room. */
export interface WaitingRoom<Guest extends Waiting> {
  readonly size: number;
  /** @returns who has to leave for it, which may be the newcomer itself; undefined when there is a place */
  add(newcomer: Guest, isNewestFirst: boolean): Guest | undefined;
  /** Takes out who is next. */
  next(isNewestFirst: boolean): Guest | undefined;
  /** Takes out one that waits no longer. */
  remove(guest: Guest): void;
}

export interface WaitingRules {
  /** Places, at least 0. */
  readonly limit: number;
  readonly byPriority: boolean;
  readonly byTenant: boolean;
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
export const createWaitingRoom = <Guest extends Waiting>({
  limit,
  byPriority,
  byTenant,
  inFlightOf,
}: WaitingRules): WaitingRoom<Guest> => {
  /** The oldest first. */
  const guests: Guest[] = [];
  const rankOf = ({ priority }: Guest): number => (byPriority ? RANKS[priority] : 0);

  /** Tenants' requests in the room, by tenant. */
  const countWaiting = (): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const { tenant } of guests) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
    return counts;
  };

  const takeAt = (at: number): Guest => guests.splice(at, 1)[0]!;

  return {
    get size() {
      return guests.length;
    },
    add(newcomer, isNewestFirst) {
      guests.push(newcomer);
      if (guests.length <= limit) return undefined;
      const waiting = countWaiting();
      const holdingOf = ({ tenant }: Guest): number => (byTenant ? inFlightOf(tenant) + waiting.get(tenant)! : 0);
      let worst = 0;
      for (let at = 1; at < guests.length; at += 1) {
        const [guest, other] = [guests[at]!, guests[worst]!];
        const order = rankOf(guest) - rankOf(other) || holdingOf(guest) - holdingOf(other);
        if (order > 0 || (order === 0 && !isNewestFirst)) worst = at;
      }
      return takeAt(worst);
    },
    next(isNewestFirst) {
      if (guests.length === 0) return undefined;
      let best = 0;
      for (let at = 1; at < guests.length; at += 1) {
        const [guest, other] = [guests[at]!, guests[best]!];
        const order = rankOf(guest) - rankOf(other) || (byTenant ? inFlightOf(guest.tenant) - inFlightOf(other.tenant) : 0);
        if (order < 0 || (order === 0 && isNewestFirst)) best = at;
      }
      return takeAt(best);
    },
    remove(guest) {
      const at = guests.indexOf(guest);
      if (at >= 0) guests.splice(at, 1);
    },
  };
};
