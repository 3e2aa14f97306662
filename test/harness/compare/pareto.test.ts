import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Aim, paretoFront } from '../../../harness/compare/pareto.ts';

interface Item {
  readonly id: number;
  readonly cost: number | null;
  readonly quality: number | null;
}

const aims: readonly Aim<Item>[] = [
  { read: ({ cost }) => cost, better: 'lower' },
  { read: ({ quality }) => quality, better: 'higher' },
];

// Few values, so that ties come up.
const value = fc.option(fc.integer({ min: 0, max: 6 }), { freq: 8 });
const items = fc
  .array(fc.record({ cost: value, quality: value }), { maxLength: 12 })
  .map((all): readonly Item[] => all.map((item, id) => ({ id, ...item })));

const isKnown = ({ cost, quality }: Item): boolean => cost !== null && quality !== null;

/** In words of its own: as good in both, better in one. */
const dominates = (a: Item, b: Item): boolean =>
  a.cost! <= b.cost! && a.quality! >= b.quality! && (a.cost! < b.cost! || a.quality! > b.quality!);

const idsOf = (front: readonly Item[]) => new Set(front.map(({ id }) => id));

describe('the Pareto front', () => {
  it('is the cheapest, the best, and what lies between', () => {
    const all = [
      { id: 0, cost: 1, quality: 0.5 },
      { id: 1, cost: 2, quality: 0.9 },
      { id: 2, cost: 3, quality: 0.9 },
      { id: 3, cost: 4, quality: 1 },
    ];
    expect([...idsOf(paretoFront(all, aims))]).toEqual([0, 1, 3]);
  });

  it('has no member that another item is better than', () => {
    fc.assert(
      fc.property(items, (all) => {
        for (const member of paretoFront(all, aims)) {
          expect(all.filter(isKnown).some((other) => dominates(other, member))).toBe(false);
        }
      }),
    );
  });

  it('has for every other item a member that is better', () => {
    fc.assert(
      fc.property(items, (all) => {
        const front = paretoFront(all, aims);
        for (const item of all.filter(isKnown)) {
          if (!front.includes(item)) expect(front.some((member) => dominates(member, item))).toBe(true);
        }
      }),
    );
  });

  it('has members whenever an item is known in everything, and none that is not', () => {
    fc.assert(
      fc.property(items, (all) => {
        const front = paretoFront(all, aims);
        expect(front.length > 0).toBe(all.some(isKnown));
        expect(front.every(isKnown)).toBe(true);
      }),
    );
  });

  it('does not depend on the order of the items', () => {
    const shuffled = items.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(idsOf(paretoFront(other, aims))).toEqual(idsOf(paretoFront(all, aims)));
      }),
    );
  });

  it('has both of two items that are alike, or neither', () => {
    fc.assert(
      fc.property(items, (all) => {
        const front = paretoFront(all, aims);
        for (const item of all) {
          for (const other of all) {
            if (item.cost === other.cost && item.quality === other.quality)
              expect(front.includes(item)).toBe(front.includes(other));
          }
        }
      }),
    );
  });
});
