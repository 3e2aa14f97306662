import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnounce } from '../../../harness/serving/announce.ts';
import { createBudgetGuard } from '../../../harness/serving/budget-guard.ts';
import { PRIORITIES } from '../../../harness/serving/caller.ts';
import type { Design, GatewayLink } from '../../../harness/serving/config.ts';
import { policies } from '../../../harness/serving/design/policies.ts';
import { defaultsOf } from '../../../harness/serving/design/policy.ts';
import { callUsd } from '../../../harness/serving/unit-price.ts';
import type { BillingMode } from '../../../mocks/emulator.ts';

const HOUR_MS = 3_600_000;

/** At $36 an hour of an instance of one slot, a call of 100 ms costs $0.001. */
const link = (id: string, mode: BillingMode = 'by-use', instances = 1): GatewayLink => ({
  id,
  provider: 'aws',
  region: 'us-east-1',
  endpoint: '',
  endpointName: '',
  priceEndpoint: '',
  instanceType: '',
  serviceTimeMs: 100,
  concurrency: 1,
  billing: { mode, instances, requestUsdPerS: 0, usdPerRequest: 0, egressUsdPerGb: 0, storageUsdPerHour: 0 },
  listUsdPerHour: 36,
  secretEndpoint: '',
  secretStoreToken: '',
  priority: 0,
});

type Policy = Exclude<Design['budgetGuard'], false>;

/** $36 an hour are ten calls a second; the room is ten calls. */
const POLICY: Policy = {
  ...(defaultsOf(policies.budgetGuard) as Policy),
  maxUsdPerHour: 36,
  burstMs: 1000,
  frugalBelow: 0.6,
  sheddableBelow: 0.4,
  keptForCritical: 0.1,
};

const guarded = (links: readonly GatewayLink[] = [link('a')], changes: Partial<Policy> = {}) => {
  const prices = new Map<string, number>();
  const events: string[] = [];
  const announce = createAnnounce((text) => void events.push(text));
  const guard = createBudgetGuard({ ...POLICY, ...changes }, links, (id) => prices.get(id), announce);
  return { guard, prices, events };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a budget guard', () => {
  it('lets calls through while there is room, and then as fast as the budget fills it', () => {
    const { guard } = guarded();
    const takes = (count: number) => Array.from({ length: count }, () => guard.tryTake('a')).filter(Boolean).length;
    expect(takes(15)).toBe(10);
    vi.advanceTimersByTime(500);
    expect(takes(15)).toBe(5);
    vi.advanceTimersByTime(10_000);
    expect(takes(15)).toBe(10);
  });

  it('step by step turns frugal, then keeps sheddable, then default requests from links', () => {
    const { guard, events } = guarded();
    const admitted = () => PRIORITIES.filter((priority) => guard.admits(priority));
    const take = (count: number) => {
      for (let index = 0; index < count; index += 1) guard.tryTake('a');
    };
    expect([guard.isFrugal, admitted()]).toEqual([false, ['critical', 'default', 'sheddable']]);
    take(5);
    expect([guard.isFrugal, admitted()]).toEqual([true, ['critical', 'default', 'sheddable']]);
    take(2);
    expect([guard.isFrugal, admitted()]).toEqual([true, ['critical', 'default']]);
    take(2);
    expect([guard.isFrugal, admitted()]).toEqual([true, ['critical']]);
    vi.advanceTimersByTime(1000);
    expect([guard.isFrugal, admitted()]).toEqual([false, ['critical', 'default', 'sheddable']]);
    expect(events).toEqual([
      'budget guard has less than 60 % of its room left: cheaper links first, no hedges',
      'budget guard has less than 40 % of its room left: sheddable requests go to no link',
      'budget guard has spent its room: what goes beyond $36 an hour goes to no link',
      'budget guard has room again',
    ]);
  });

  it('says when there will be room', () => {
    const { guard } = guarded();
    for (let index = 0; index < 10; index += 1) guard.tryTake('a');
    expect(guard.retryAfterMs()).toBeGreaterThanOrEqual(390);
    expect(guard.retryAfterMs()).toBeLessThanOrEqual(410);
  });

  it('goes by the price of a link as it was read last, and by its list price before', () => {
    const { guard, prices } = guarded([link('a'), link('b')]);
    prices.set('b', 360);
    guard.onReading('b');
    expect([guard.tryTake('b'), guard.tryTake('b'), guard.tryTake('a')]).toEqual([true, false, false]);
  });

  it('given a price that rose unseen, makes up for the calls since the reading before', () => {
    const { guard, prices } = guarded();
    guard.onReading('a');
    for (let index = 0; index < 8; index += 1) guard.tryTake('a');
    prices.set('a', 36 * 3);
    guard.onReading('a');
    // Eight calls that cost three times as much: 14 calls' worth of debt, filled at ten a second, before one can be paid.
    vi.advanceTimersByTime(1600);
    expect(guard.tryTake('a')).toBe(false);
    vi.advanceTimersByTime(200);
    expect(guard.tryTake('a')).toBe(true);
  });

  it('takes what stands there off the budget first', () => {
    const { guard } = guarded([link('a'), link('b', 'provisioned')], { maxUsdPerHour: 54 });
    for (let index = 0; index < 15; index += 1) guard.tryTake('a');
    vi.advanceTimersByTime(1000);
    expect(Array.from({ length: 10 }, () => guard.tryTake('a')).filter(Boolean)).toHaveLength(5);
  });

  it('given instances that cost more than the budget, refuses nothing, for that would save nothing, and says so', () => {
    const { guard, events, prices } = guarded([link('a', 'provisioned', 2)]);
    expect(events).toEqual(["budget guard can't keep to $36 an hour: what stands there costs $72, called or not"]);
    expect(Array.from({ length: 50 }, () => guard.admits('sheddable') && guard.tryTake('a'))).not.toContain(false);
    prices.set('a', 1);
    guard.onReading('a');
    expect(events.at(-1)).toBe('budget guard keeps to $36 an hour again');
  });

  it('given no policy, knows no limit', () => {
    const guard = createBudgetGuard(false, [link('a')], () => 1e9, createAnnounce(undefined));
    expect([guard.admits('sheddable'), guard.tryTake('a'), guard.isFrugal]).toEqual([true, true, false]);
  });
});

/** A moment passes, calls of some priority come, checks are made, or a price moves. */
const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 3000 }) }),
    fc.record({
      type: fc.constant('calls' as const),
      count: fc.integer({ min: 1, max: 60 }),
      linkId: fc.constantFrom('a', 'b'),
      priority: fc.constantFrom(...PRIORITIES),
    }),
    fc.record({
      type: fc.constant('price' as const),
      linkId: fc.constantFrom('a', 'b'),
      usdPerHour: fc.double({ min: 0.01, max: 500, noNaN: true }),
      isRead: fc.boolean(),
    }),
  ),
  { maxLength: 60 },
);

describe('whatever load and prices do', () => {
  it('what is spent is never ahead of the budget by more than the room, by the prices that are known', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const links = [link('a'), link('b')];
        const { guard, prices } = guarded(links);
        const startedAtMs = performance.now();
        let spentUsd = 0;
        for (const step of script) {
          if (step.type === 'wait') vi.advanceTimersByTime(step.ms);
          else if (step.type === 'price') {
            prices.set(step.linkId, step.usdPerHour);
            guard.onReading(step.linkId);
          } else {
            for (let index = 0; index < step.count; index += 1) {
              if (!guard.admits(step.priority) || !guard.tryTake(step.linkId)) continue;
              spentUsd += callUsd(prices.get(step.linkId) ?? 36, links[0]!);
            }
          }
          const elapsedMs = performance.now() - startedAtMs;
          expect(spentUsd).toBeLessThanOrEqual((36 / HOUR_MS) * (elapsedMs + POLICY.burstMs) + 1e-9);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('what a price that rose unseen has cost beyond the room is made up for by the time that it takes to fill', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const links = [link('a'), link('b')];
        const { guard, prices } = guarded(links);
        const startedAtMs = performance.now();
        const real = new Map(links.map(({ id }) => [id, 36]));
        /** Of calls since the last reading, at the price of now: it holds until it is read. */
        const unread = new Map(links.map(({ id }) => [id, 0]));
        let spentUsd = 0;
        const read = (id: string) => {
          spentUsd += unread.get(id)! * callUsd(real.get(id)!, links[0]!);
          unread.set(id, 0);
          prices.set(id, real.get(id)!);
          guard.onReading(id);
        };
        for (const step of script) {
          if (step.type === 'wait') vi.advanceTimersByTime(step.ms);
          else if (step.type === 'price') {
            // A price that goes down has been the dearer one for the calls before.
            if (step.usdPerHour < real.get(step.linkId)!) read(step.linkId);
            real.set(step.linkId, step.usdPerHour);
            if (step.isRead) read(step.linkId);
          } else {
            for (let index = 0; index < step.count; index += 1) {
              if (guard.admits(step.priority) && guard.tryTake(step.linkId))
                unread.set(step.linkId, unread.get(step.linkId)! + 1);
            }
          }
        }
        for (const { id } of links) read(id);
        const allowedUsd = () => (36 / HOUR_MS) * (performance.now() - startedAtMs + POLICY.burstMs);
        // Nothing is let through until it is made up for.
        while (spentUsd > allowedUsd() + 1e-9) {
          expect(guard.tryTake('a')).toBe(false);
          vi.advanceTimersByTime(60_000);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('it never starves: with nothing else going on, room for a default request comes back', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { guard, prices } = guarded([link('a'), link('b')]);
        for (const step of script) {
          if (step.type === 'wait') vi.advanceTimersByTime(step.ms);
          else if (step.type === 'price') {
            prices.set(step.linkId, step.usdPerHour);
            guard.onReading(step.linkId);
          } else for (let index = 0; index < step.count; index += 1) guard.record(step.linkId);
        }
        for (const id of ['a', 'b']) {
          prices.set(id, 36);
          guard.onReading(id);
        }
        vi.advanceTimersByTime(24 * HOUR_MS);
        expect([guard.admits('default'), guard.tryTake('a'), guard.isFrugal]).toEqual([true, true, false]);
      }),
      { numRuns: 100 },
    );
  });
});
