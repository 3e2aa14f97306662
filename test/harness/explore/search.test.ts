import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Budget, search } from '../../../harness/explore/search.ts';
import { shrink } from '../../../harness/explore/shrink.ts';

const noSignal = new AbortController().signal;

/** Judges numbers, each after so many turns of the event loop. */
const searchNumbers = ({
  wanting,
  width,
  budget = { type: 'count', count: 50 },
  shard = { index: 1, of: 1 },
  turns = () => 0,
  signal = noSignal,
}: {
  readonly wanting: readonly number[];
  readonly width: number;
  readonly budget?: Budget;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly turns?: (index: number) => number;
  readonly signal?: AbortSignal;
}) => {
  const judged: number[] = [];
  const result = search({
    itemAt: (index) => index,
    async judge(item: number) {
      for (let turn = 0; turn < turns(item); turn += 1) await new Promise((resolve) => setImmediate(resolve));
      judged.push(item);
      return wanting.includes(item);
    },
    isWanting: (isWanting) => isWanting,
    budget,
    shard,
    width,
    signal,
    nowMs: () => judged.length * 10,
  });
  return result.then((ended) => ({ ...ended, items: judged.toSorted((a, b) => a - b) }));
};

describe('a search', () => {
  it('finds the lowest wanting item, whatever the width and the speed of each', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(49), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.nat(3), { minLength: 50, maxLength: 50 }),
        async (wanting, width, turns) => {
          const { found, ended } = await searchNumbers({ wanting, width, turns: (index) => turns[index]! });
          expect(found?.index).toBe(Math.min(...wanting));
          expect(ended).toBe('found');
        },
      ),
      { numRuns: 50 },
    );
  });

  it('ends at its budget, by count and by time', async () => {
    expect(await searchNumbers({ wanting: [], width: 3, budget: { type: 'count', count: 7 } })).toMatchObject({
      judged: 7,
      ended: 'budget',
    });
    const timed = await searchNumbers({ wanting: [], width: 1, budget: { type: 'time', ms: 55 } });
    expect(timed).toMatchObject({ judged: 6, ended: 'budget', found: undefined });
  });

  it('takes each item once when it is shared between shards', async () => {
    const shards = [1, 2, 3].map((index) =>
      searchNumbers({ wanting: [], width: 2, budget: { type: 'count', count: 4 }, shard: { index, of: 3 } }),
    );
    const items = (await Promise.all(shards)).flatMap((shard) => shard.items);
    expect(items.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index));
  });

  it('stops when it is interrupted', async () => {
    expect(await searchNumbers({ wanting: [], width: 2, signal: AbortSignal.abort() })).toMatchObject({
      judged: 0,
      ended: 'interrupted',
    });
  });
});

/** Shrinks numbers by taking something away; those from 17 on are wanting, if they are odd. */
const shrinkNumber = (from: number, width: number, maxTried = 1000) =>
  shrink(
    { item: from, result: true },
    {
      simplerThan: (item) => Array.from({ length: item }, (_, index) => index),
      judge: async (item: number) => item >= 17 && item % 2 === 1,
      isWanting: (isWanting) => isWanting,
      width,
      maxTried,
      signal: noSignal,
    },
  );

describe('shrinking', () => {
  it('goes to the simplest that is still wanting', async () => {
    expect(await shrinkNumber(99, 1)).toEqual({ item: 17, result: true, path: [17], tried: 35, isMinimal: true });
  });

  it('comes to the same by the same path for any width', async () => {
    const narrow = await shrinkNumber(99, 1);
    for (const width of [2, 3, 8, 200]) expect(await shrinkNumber(99, width)).toEqual(narrow);
  });

  it('says so when it was stopped by its limit', async () => {
    expect(await shrinkNumber(99, 4, 10)).toMatchObject({ item: 99, isMinimal: false });
  });
});
