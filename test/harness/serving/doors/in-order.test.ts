import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../../harness/serving/doors/in-order.ts';

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

describe('work in order', () => {
  it('gives every result, in the order of what came, with no more under way than the limit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(30)), fc.integer({ min: 1, max: 5 }), async (items, limit) => {
        let underWay = 0;
        let most = 0;
        const work = async (item: number) => {
          underWay += 1;
          most = Math.max(most, underWay);
          await turns(item);
          underWay -= 1;
          return item;
        };
        const results: number[] = [];
        for await (const result of inOrder(each(items), limit, work)) results.push(result);
        expect(results).toEqual(items);
        expect(most).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('works side by side, and answers before all has come', async () => {
    const calls = Promise.withResolvers<void>();
    const items = async function* () {
      yield 1;
      yield 2;
      await calls.promise;
    };
    const started: number[] = [];
    const results = inOrder(items(), 2, async (item) => {
      started.push(item);
      await turns(20);
      return item;
    });
    expect(await results.next()).toEqual({ done: false, value: 1 });
    expect(started).toEqual([1, 2]);
    calls.resolve();
    expect(await results.next()).toEqual({ done: false, value: 2 });
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it('ends when what comes ends with an error', async () => {
    const items = async function* () {
      yield 1;
      throw new Error('the stream broke off');
    };
    const results = inOrder(items(), 2, async (item) => {
      await turns(20);
      return item;
    });
    await expect(results.next()).rejects.toThrow('the stream broke off');
  });
});
