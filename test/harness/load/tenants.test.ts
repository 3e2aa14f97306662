import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalTimes } from '../../../harness/load/arrivals.ts';
import { namedBursts } from '../../../harness/load/named-bursts.ts';
import { createCallers, shapesOf } from '../../../harness/load/tenants.ts';
import type { LoadPlan, TenantLoad } from '../../../harness/scenario/scenario.ts';

const SHAPE = {
  type: 'open',
  arrivals: 'poisson',
  stages: [{ forMs: 20_000, fromPerS: 200, toPerS: 200 }],
} as const satisfies LoadPlan['shape'];
const SPAN = { warmupMs: 1000, durationMs: 20_000 };

const tenant = (name: string, share: number, parts: Partial<TenantLoad> = {}): TenantLoad => ({
  name,
  share,
  priority: 'default',
  ...parts,
});

const arrivalsOf = (tenants: readonly TenantLoad[], seed = 1) => {
  const callers = createCallers({ shape: SHAPE, tenants }, seed);
  const times = callers.times(SHAPE, SPAN);
  // As the open loop does: it looks one time ahead.
  const arrivals: { readonly ms: number; readonly tenant: string; readonly priority: string }[] = [];
  for (let time = times.next(); !time.done; ) {
    const ms = time.value;
    time = times.next();
    const { tenant: name, priority } = callers.next!();
    arrivals.push({ ms, tenant: name, priority });
  }
  return arrivals;
};
const countOf = (arrivals: ReturnType<typeof arrivalsOf>, name: string, fromMs = 0, toMs = 20_000) =>
  arrivals.filter(({ tenant: of, ms }) => of === name && ms >= fromMs && ms < toMs).length;

describe('the tenants of a load', () => {
  it('have their shares of its rate, with their priorities, in order of time', () => {
    const arrivals = arrivalsOf([tenant('a', 0.7, { priority: 'critical' }), tenant('b', 0.3)]);
    expect(countOf(arrivals, 'a') / 4000).toBeCloseTo(0.7, 1);
    expect(countOf(arrivals, 'b') / 4000).toBeCloseTo(0.3, 1);
    expect(arrivals.find(({ tenant: of }) => of === 'a')!.priority).toBe('critical');
    const times = arrivals.map(({ ms }) => ms);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('burst by themselves: the others have the same times as without', () => {
    const burst = { atMs: 5000, forMs: 5000, everyMs: 0, count: 1, multiplier: 5, addPerS: 0 };
    const calm = arrivalsOf([tenant('noisy', 0.5), tenant('calm', 0.5)]);
    const noisy = arrivalsOf([tenant('noisy', 0.5, { bursts: [burst] }), tenant('calm', 0.5)]);
    const timesOf = (arrivals: typeof calm) => arrivals.filter(({ tenant: of }) => of === 'calm').map(({ ms }) => ms);
    expect(timesOf(noisy)).toEqual(timesOf(calm));
    expect(countOf(noisy, 'noisy', 5000, 10_000) / 2500).toBeCloseTo(1, 1);
  });

  it('are the same for the same seed, and are drawn by their shares where they have no times of their own', () => {
    expect(arrivalsOf([tenant('a', 0.5), tenant('b', 0.5)])).toEqual(arrivalsOf([tenant('a', 0.5), tenant('b', 0.5)]));
    const { next } = createCallers(
      { shape: { type: 'closed', connections: 4 }, tenants: [tenant('a', 0.2), tenant('b', 0.8)] },
      1,
    );
    const drawn = Array.from({ length: 2000 }, () => next!().tenant);
    expect(drawn.filter((name) => name === 'a').length / 2000).toBeCloseTo(0.2, 1);
  });

  it('leave a load without tenants as it is', () => {
    const callers = createCallers({ shape: SHAPE }, 3);
    const times = callers.times(SHAPE, SPAN);
    const first = Array.from({ length: 50 }, () => times.next().value);
    const known = arrivalTimes(SHAPE, SPAN, 3);
    expect(first).toEqual(Array.from({ length: 50 }, () => known.next().value));
    expect(callers.next).toBeUndefined();
  });

  it('have together the rate of the load, bursts of all included', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.integer({ min: 0, max: 300 }), (share, addPerS) => {
        const shape = { ...SHAPE, bursts: [{ atMs: 0, forMs: 1000, everyMs: 0, count: 1, multiplier: 1, addPerS }] };
        const shapes = shapesOf({ shape, tenants: [tenant('a', share), tenant('b', 1 - share)] }) as (typeof shape)[];
        expect(shapes.reduce((sum, { stages }) => sum + stages[0]!.fromPerS, 0)).toBeCloseTo(200);
        expect(shapes.reduce((sum, { bursts }) => sum + bursts[0]!.addPerS, 0)).toBeCloseTo(addPerS);
      }),
    );
  });

  it('name bursts of theirs, and of the load, as phases', () => {
    const burst = { atMs: 1000, forMs: 500, everyMs: 0, count: 1, multiplier: 2, addPerS: 0 };
    const shape = { ...SHAPE, bursts: [{ ...burst, name: 'rush', everyMs: 2000, count: 2 }, burst] };
    expect(namedBursts({ shape, tenants: [tenant('a', 1, { bursts: [{ ...burst, name: 'noise' }] })] })).toEqual([
      {
        name: 'rush',
        windows: [
          { startMs: 1000, endMs: 1500 },
          { startMs: 3000, endMs: 3500 },
        ],
      },
      { name: 'noise', windows: [{ startMs: 1000, endMs: 1500 }] },
    ]);
  });
});
