import { describe, expect, it } from 'vitest';
import { architectures } from '../../../harness/serving/design/architectures.ts';
import { applyPatch } from '../../../harness/serving/design/patch.ts';
import { NO_PLACE, placeOf } from '../../../harness/serving/design/placement.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';
import { type Candidate, createRouter, type Tried } from '../../../harness/serving/routing.ts';
import { candidate } from '../../support/candidate.ts';

const link = (id: string, priority: number, parts: Partial<Candidate> = {}) => candidate(id, { priority, ...parts });
const untried: Tried = { attempts: new Map(), lastId: undefined };
const failedOn = (id: string): Tried => ({ attempts: new Map([[id, 1]]), lastId: id });
const routing = referenceDesign.routing;
const notFrugal = () => false;

describe('the place of a region', () => {
  const regions = [{ provider: 'aws' }, { provider: 'google' }, { provider: 'azure' }, { provider: 'aws' }];
  const places = (providers: 'all' | 'first') => {
    const design = applyPatch(referenceDesign, { placement: { providers } });
    return regions.map((_, index) => placeOf(regions, index, design));
  };

  it('is its own in the topology where all providers are used', () => {
    expect(places('all')).toEqual([0, 1, 2, 3]);
  });

  it('counts the regions of the first provider alone where that is the only one', () => {
    expect(places('first')).toEqual([0, NO_PLACE, NO_PLACE, 1]);
  });
});

describe('a passive standby', () => {
  const passive = { standby: 'passive', spread: 'none' } as const;

  it('gets no request, no retry and no hedge while the first is well', () => {
    const router = createRouter(routing, [link('b', 1), link('a', 0)], notFrugal, passive);
    expect(router.next(untried, false)?.id).toBe('a');
    expect(router.next(failedOn('a'), false)?.id).toBe('a');
    expect(router.beside(failedOn('a'))).toBeUndefined();
  });

  it('gets all of them while the first is out', () => {
    const router = createRouter(routing, [link('a', 0, { isUsable: false }), link('b', 1), link('c', 2)], notFrugal, passive);
    expect(router.next(untried, false)?.id).toBe('b');
    expect(router.next(failedOn('b'), false)?.id).toBe('b');
  });

  it('leaves every link for the last resort', () => {
    const router = createRouter(
      routing,
      [link('a', 0, { isUsable: false }), link('b', 1, { isUsable: false })],
      notFrugal,
      passive,
    );
    expect(router.next(untried, false)).toBeUndefined();
    expect(router.next(untried, true)?.id).toBe('a');
  });
});

describe('active regions in turn', () => {
  const inTurn = { standby: 'active', spread: 'round-robin' } as const;

  it('share the first attempts, and a retry goes to another', () => {
    const router = createRouter(routing, [link('a', 0), link('b', 1)], notFrugal, inTurn);
    expect([1, 2, 3, 4].map(() => router.next(untried, false)?.id)).toEqual(['a', 'b', 'a', 'b']);
    expect(router.next(failedOn('b'), false)?.id).toBe('a');
  });

  it('leave out those that are out, strained or hold back', () => {
    const links = [link('a', 0, { isStrained: true }), link('b', 1), link('c', 2, { isUsable: false }), link('d', 3)];
    const router = createRouter(routing, links, notFrugal, inTurn);
    expect([1, 2, 3, 4].map(() => router.next(untried, false)?.id)).toEqual(['b', 'd', 'b', 'd']);
    const holding = createRouter(routing, [link('a', 0, { holdsBack: () => true }), link('b', 1)], notFrugal, inTurn);
    expect([1, 2].map(() => holding.next(untried, false)?.id)).toEqual(['b', 'b']);
  });

  it('go by slots where they are weighted', () => {
    const links = [link('a', 0, { weight: 3 }), link('b', 1, { weight: 1 })];
    const router = createRouter(routing, links, notFrugal, { standby: 'active', spread: 'weighted' });
    expect([1, 2, 3, 4].map(() => router.next(untried, false)?.id).toSorted()).toEqual(['a', 'a', 'a', 'b']);
  });

  it('make way for the cheapest when money is short', () => {
    const links = [link('a', 0, { usdPer1k: 2 }), link('b', 1, { usdPer1k: 1 })];
    const router = createRouter(routing, links, () => true, inTurn);
    expect([1, 2].map(() => router.next(untried, false)?.id)).toEqual(['b', 'b']);
  });
});

describe('the architectures that ship', () => {
  it.each(Object.entries(architectures))(
    '%s differs from the reference where it says, and has a sentence',
    (_name, { kind, summary, patch }) => {
      expect(kind).toBe('architecture');
      expect(summary).toMatch(/^[A-Z].*\.$/);
      const turned = Object.keys(patch);
      expect(['placement', 'routing', 'sizing', 'hedging', 'retry']).toEqual(expect.arrayContaining(turned));
    },
  );
});
