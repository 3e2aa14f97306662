import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createWaitingRoom, type Waiting, type WaitingRules } from '../../../../harness/serving/admission/waiting.ts';
import { PRIORITIES } from '../../../../harness/serving/caller.ts';

interface Guest extends Waiting {
  readonly id: number;
}

let nextId = 0;
const guest = (parts: Partial<Waiting> = {}): Guest => {
  nextId += 1;
  return { id: nextId, priority: 'default', tenant: '', ...parts };
};

const roomOf = (rules: Partial<WaitingRules> = {}) =>
  createWaitingRoom<Guest>({
    limit: 3,
    byPriority: true,
    byTenant: true,
    inFlightOf: () => 0,
    isNewestFirst: () => false,
    ...rules,
  });

const drain = (room: ReturnType<typeof roomOf>): readonly Guest[] => {
  const guests: Guest[] = [];
  for (let next = room.next(); next; next = room.next()) guests.push(next);
  return guests;
};

describe('who is next', () => {
  it('is the most critical, and of equals the oldest or the newest', () => {
    const [a, b, c] = [guest({ priority: 'sheddable' }), guest({ priority: 'critical' }), guest({ priority: 'critical' })];
    const fill = (isNewest = false) => {
      const room = roomOf({ isNewestFirst: () => isNewest });
      for (const one of [a, b, c]) expect(room.add(one)).toBeUndefined();
      return room;
    };
    expect(drain(fill())).toEqual([b, c, a]);
    expect(drain(fill(true))).toEqual([c, b, a]);
  });

  it('is of the tenant with the least under way, unless tenants do not count', () => {
    const inFlightOf = (tenant: string) => (tenant === 'noisy' ? 5 : 1);
    const [noisy, calm] = [guest({ tenant: 'noisy' }), guest({ tenant: 'calm' })];
    const order = (byTenant: boolean) => {
      const room = roomOf({ inFlightOf, byTenant });
      room.add(noisy);
      room.add(calm);
      return drain(room);
    };
    expect(order(true)).toEqual([calm, noisy]);
    expect(order(false)).toEqual([noisy, calm]);
  });

  it('is the oldest where priorities do not count either', () => {
    const room = roomOf({ byPriority: false });
    const [a, b] = [guest({ priority: 'sheddable' }), guest({ priority: 'critical' })];
    room.add(a);
    room.add(b);
    expect(drain(room)).toEqual([a, b]);
  });
});

describe('how long a room has stood', () => {
  it('is counted for each priority from where it, or a more critical one, found others, without a break', () => {
    vi.useFakeTimers();
    const room = roomOf();
    const [low, high] = [guest({ priority: 'sheddable' }), guest({ priority: 'critical' })];
    const stood = () => PRIORITIES.map((priority) => room.stoodMs(priority));
    room.add(low);
    vi.advanceTimersByTime(100);
    expect(stood()).toEqual([0, 0, 100]);
    room.add(high);
    vi.advanceTimersByTime(50);
    expect(stood()).toEqual([50, 50, 150]);
    room.remove(high);
    expect(stood()).toEqual([0, 0, 150]);
    room.next();
    expect(stood()).toEqual([0, 0, 0]);
    vi.useRealTimers();
  });
});

describe('who has to leave a full room', () => {
  it('is the least critical, of equals the newcomer, or where the newest is first the oldest', () => {
    let isNewest = false;
    const room = roomOf({ limit: 2, isNewestFirst: () => isNewest });
    const [low, high, other] = [
      guest({ priority: 'sheddable' }),
      guest({ priority: 'critical' }),
      guest({ priority: 'critical' }),
    ];
    room.add(low);
    room.add(high);
    expect(room.add(other)).toBe(low);
    const newcomer = guest({ priority: 'critical' });
    expect(room.add(newcomer)).toBe(newcomer);
    isNewest = true;
    expect(room.add(newcomer)).toBe(high);
  });

  it('is of the tenant that has the most, under way and waiting', () => {
    const room = roomOf({ limit: 3, inFlightOf: (tenant) => (tenant === 'busy' ? 3 : 0) });
    const [first, second, third] = [guest({ tenant: 'noisy' }), guest({ tenant: 'noisy' }), guest({ tenant: 'calm' })];
    for (const one of [first, second, third]) room.add(one);
    const calm = guest({ tenant: 'calm' });
    expect(room.add(calm)).toBe(calm);
    const busy = guest({ tenant: 'busy' });
    expect(room.add(busy)).toBe(busy);
    expect(room.add(guest({ tenant: 'new' }))).toBe(second);
  });

  it('is the newcomer where there are no places', () => {
    const one = guest();
    expect(roomOf({ limit: 0 }).add(one)).toBe(one);
  });

  it('leaves no one lost, nobody twice, and never more than the room holds', () => {
    const guests = fc.array(fc.record({ priority: fc.constantFrom(...PRIORITIES), tenant: fc.constantFrom('a', 'b', 'c') }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(guests, fc.nat({ max: 5 }), fc.boolean(), (parts, limit, isNewestFirst) => {
        const room = roomOf({ limit, inFlightOf: (tenant) => tenant.charCodeAt(0), isNewestFirst: () => isNewestFirst });
        const all = parts.map(guest);
        const left = all.flatMap((one) => room.add(one) ?? []);
        expect(room.size).toBe(Math.min(limit, all.length));
        const stayed = drain(room);
        expect(new Set([...left, ...stayed])).toEqual(new Set(all));
        expect(left.length + stayed.length).toBe(all.length);
        const ranks = stayed.map(({ priority }) => PRIORITIES.indexOf(priority));
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }),
    );
  });
});
