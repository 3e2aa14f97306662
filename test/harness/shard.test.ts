import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemNumber, itemsOf, type Shard } from '../../harness/shard.ts';

const shardsOf = (of: number): readonly Shard[] => Array.from({ length: of }, (_, at) => ({ index: at + 1, of }));

describe('shards', () => {
  it('take each item once, for all lists and any number of shards', () => {
    fc.assert(
      fc.property(fc.nat({ max: 200 }), fc.integer({ min: 1, max: 300 }), (length, of) => {
        const items = Array.from({ length }, (_, number) => number);
        const taken = shardsOf(of).flatMap((shard) => itemsOf(shard, items));
        expect(taken.toSorted((a, b) => a - b)).toEqual(items);
      }),
    );
  });

  it('take the same number of items, give or take one', () => {
    fc.assert(
      fc.property(fc.nat({ max: 200 }), fc.integer({ min: 1, max: 300 }), (length, of) => {
        const sizes = shardsOf(of).map((shard) => itemsOf(shard, Array.from({ length })).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keep the order, and items that are equal apart', () => {
    expect(itemsOf({ index: 2, of: 3 }, ['a', 'b', 'c', 'd', 'b', 'b'])).toEqual(['b', 'b']);
  });

  it('take of a list without an end what they take of a long one', () => {
    const shard = { index: 3, of: 4 };
    const items = Array.from({ length: 100 }, (_, number) => number);
    expect(Array.from({ length: 5 }, (_, turn) => itemNumber(shard, turn))).toEqual(itemsOf(shard, items).slice(0, 5));
  });
});
