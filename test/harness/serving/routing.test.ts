import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, createRouter, orderLinks, type Tried } from '../../../harness/serving/routing.ts';
import { candidate as link } from '../../support/candidate.ts';

const idsOf = (links: readonly Candidate[]) => links.map(({ id }) => id);
const tried = (attempts: Readonly<Record<string, number>> = {}, lastId?: string): Tried => ({
  attempts: new Map(Object.entries(attempts)),
  lastId,
});

const candidates = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 8 }),
    priority: fc.integer({ min: 0, max: 5 }),
    latencyMs: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
    usdPer1k: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    isTooDear: fc.boolean(),
    isStrained: fc.boolean(),
    isUsable: fc.boolean(),
    isProbeDue: fc.boolean(),
    inFlight: fc.nat({ max: 5 }),
    isFull: fc.boolean(),
    isBusy: fc.boolean(),
    holdsBack: fc.constantFrom(
      () => true,
      () => false,
    ),
  }),
  { minLength: 1, maxLength: 8, selector: ({ id }) => id },
);
const policies = fc.constantFrom('priority' as const, 'latency' as const, 'cost' as const, 'least-loaded' as const);

describe('the order of links', () => {
  it('is by priority, by measured latency with unknown ones first, or by price with unknown ones last', () => {
    const links = [
      link('a', { priority: 2, latencyMs: 30, usdPer1k: 0.1 }),
      link('b', { priority: 1, latencyMs: 20 }),
      link('c', { priority: 0, usdPer1k: 0.2 }),
    ];
    expect(idsOf(orderLinks(links, 'priority'))).toEqual(['c', 'b', 'a']);
    expect(idsOf(orderLinks(links, 'latency'))).toEqual(['c', 'b', 'a']);
    expect(idsOf(orderLinks(links, 'cost'))).toEqual(['a', 'c', 'b']);
  });

  it('has dear links behind, the cheapest of them first, and strained ones last', () => {
    const links = [
      link('strained', { isStrained: true }),
      link('dear', { priority: 1, isTooDear: true, usdPer1k: 0.9 }),
      link('less dear', { priority: 2, isTooDear: true, usdPer1k: 0.5 }),
      link('good', { priority: 3 }),
    ];
    expect(idsOf(orderLinks(links, 'priority'))).toEqual(['good', 'less dear', 'dear', 'strained']);
  });

  it('is always a permutation of the links, and the same for the same links in another order', () => {
    fc.assert(
      fc.property(candidates, policies, (links, policy) => {
        const order = idsOf(orderLinks(links, policy));
        expect([...order].sort()).toEqual(idsOf(links).sort());
        const distinct = links.map((candidate, priority) => ({ ...candidate, priority }));
        expect(idsOf(orderLinks([...distinct].reverse(), policy))).toEqual(idsOf(orderLinks(distinct, policy)));
      }),
    );
  });
});

describe('the link for the next attempt', () => {
  const [a, b, c] = [link('a', { priority: 0 }), link('b', { priority: 1 }), link('c', { priority: 2 })];
  const routing = { policy: 'priority', failover: true } as const;

  it('is the best that is usable', () => {
    const router = createRouter(routing, [{ ...a, isUsable: false }, b, c]);
    expect(router.next(tried(), false)?.id).toBe('b');
  });

  it('is another than the ones that were tried, as long as there is one', () => {
    const router = createRouter(routing, [a, b]);
    expect(router.next(tried({ a: 1 }, 'a'), false)?.id).toBe('b');
    expect(router.next(tried({ a: 1, b: 1 }, 'b'), false)?.id).toBe('a');
    expect(router.next(tried({ a: 1, b: 1 }, 'a'), false)?.id).toBe('b');
    expect(createRouter(routing, [a]).next(tried({ a: 1 }, 'a'), false)?.id).toBe('a');
    expect(createRouter(routing, [a, b, c]).next(tried({ a: 1, b: 1 }, 'b'), false)?.id).toBe('c');
    expect(createRouter(routing, [a, b, c]).next(tried({ a: 2, b: 1, c: 1 }, 'c'), false)?.id).toBe('b');
  });

  it('probes a link with a first attempt only', () => {
    const router = createRouter(routing, [{ ...a, isProbeDue: true }, b, c]);
    expect(router.next(tried(), false)?.id).toBe('a');
    expect(router.next(tried({ c: 1 }, 'c'), false)?.id).toBe('b');
  });

  it('is none when every link is excluded, and the best all the same as a last resort', () => {
    const router = createRouter(
      routing,
      [a, b].map((excluded) => ({ ...excluded, isUsable: false })),
    );
    expect(router.next(tried(), false)).toBeUndefined();
    expect(router.next(tried(), true)?.id).toBe('a');
    expect(router.next(tried({ a: 1 }, 'a'), true)?.id).toBe('b');
  });

  it('is always the first by priority without failover', () => {
    const router = createRouter({ policy: 'latency', failover: false }, [b, a]);
    expect(router.next(tried({ a: 5 }, 'a'), false)?.id).toBe('a');
    expect(router.beside(tried({ a: 1 }, 'a'))).toBeUndefined();
  });

  it('is one with a place, be it the last resort; one without a queue before one with; another where one holds back', () => {
    const full = { ...a, isFull: true };
    expect(createRouter(routing, [full, b]).next(tried(), true)?.id).toBe('b');
    expect(createRouter(routing, [full]).next(tried(), true)).toBeUndefined();
    const busy = { ...a, isBusy: true };
    expect(createRouter(routing, [busy, { ...b, isStrained: true }]).next(tried(), false)?.id).toBe('b');
    expect(createRouter(routing, [busy]).next(tried(), false)?.id).toBe('a');
    const back = { ...a, holdsBack: () => true };
    expect(createRouter(routing, [back, b]).next(tried(), false)?.id).toBe('b');
    expect(createRouter(routing, [back]).next(tried(), false)).toBeUndefined();
    expect(createRouter(routing, [back]).next(tried(), true)?.id).toBe('a');
    expect(createRouter(routing, [{ ...back, isProbeDue: true }, b]).next(tried(), false)?.id).toBe('a');
  });

  it('is the one with the fewest attempts under way where the policy says so', () => {
    const router = createRouter({ policy: 'least-loaded', failover: true }, [{ ...a, inFlight: 2 }, { ...b, inFlight: 1 }, c]);
    expect(router.next(tried(), false)?.id).toBe('c');
  });

  it('is usable, or the last resort, and never the one that just failed where another is usable', () => {
    fc.assert(
      fc.property(candidates, policies, fc.boolean(), fc.nat(), (links, policy, isLastResort, seed) => {
        const last = links[seed % links.length]!.id;
        const chosen = createRouter({ policy, failover: true }, links).next(tried({ [last]: 1 }, last), isLastResort);
        const withPlace = links.filter(({ isFull }) => !isFull);
        const usable = withPlace.filter(({ isUsable, isProbeDue, holdsBack }) => isUsable && (isProbeDue || !holdsBack()));
        if (usable.length > 0) expect(usable).toContain(chosen);
        else expect(chosen === undefined).toBe(!isLastResort || withPlace.length === 0);
        const pool = usable.length > 0 ? usable : withPlace;
        if (chosen && pool.some(({ id }) => id !== last)) expect(chosen.id).not.toBe(last);
      }),
    );
  });
});

describe('the link beside a slow attempt', () => {
  it('is untried, usable, no probe, not dear, and neither busy nor full', () => {
    const links = [
      link('a', { priority: 0 }),
      link('b', { priority: 1, isUsable: false }),
      link('c', { priority: 2, isProbeDue: true }),
      link('d', { priority: 3, isTooDear: true }),
      link('busy', { priority: 3, isBusy: true }),
      link('full', { priority: 3, isFull: true }),
    ];
    const routing = { policy: 'priority', failover: true } as const;
    expect(createRouter(routing, links).beside(tried({ a: 1 }, 'a'))).toBeUndefined();
    expect(createRouter(routing, [...links, link('e', { priority: 4 })]).beside(tried({ a: 1 }, 'a'))?.id).toBe('e');
  });
});
