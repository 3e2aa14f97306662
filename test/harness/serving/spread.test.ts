import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSpread, type Spreadable } from '../../../harness/serving/spread.ts';

const turns = (policy: 'none' | 'round-robin' | 'weighted', links: readonly Spreadable[], count: number) => {
  const spread = createSpread(policy);
  return Array.from({ length: count }, () => spread.next(links)?.id);
};

describe('the spread of first attempts', () => {
  it('takes no turns where none are asked for', () => {
    expect(turns('none', [{ id: 'a' }, { id: 'b' }], 2)).toEqual([undefined, undefined]);
  });

  it('takes links in turn, whatever their weight', () => {
    expect(turns('round-robin', [{ id: 'a', weight: 9 }, { id: 'b' }, { id: 'c' }], 6)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('takes links by weight, without runs of the same one', () => {
    const links = [
      { id: 'a', weight: 5 },
      { id: 'b', weight: 1 },
      { id: 'c', weight: 1 },
    ];
    expect(turns('weighted', links, 7)).toEqual(['a', 'a', 'b', 'a', 'c', 'a', 'a']);
  });

  it('goes on with the others while one is away', () => {
    const spread = createSpread('round-robin');
    const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    spread.next([a, b, c]);
    const taken = Array.from({ length: 10 }, () => spread.next([a, c])?.id);
    expect(taken).not.toContain('b');
    expect(taken.filter((id) => id === 'a').length).toBeGreaterThanOrEqual(4);
    expect(spread.next([])).toBeUndefined();
  });

  it('gives each link its share of any whole round, by weight', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 3 }), (all, rounds) => {
        const links = all.map((weight, index) => ({ id: String(index), weight }));
        const round = all.reduce((sum, weight) => sum + weight, 0);
        const taken = turns('weighted', links, round * rounds);
        for (const { id, weight } of links) expect(taken.filter((turn) => turn === id)).toHaveLength(weight * rounds);
      }),
    );
  });
});
