import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../harness/nearest-names.ts';

const known = ['region-outage', 'latency-spike', 'json'];

describe('the nearest known name', () => {
  it.each([
    ['region-outtage', ' Did you mean "region-outage"?'],
    ['Latency-Spike', ' Did you mean "latency-spike"?'],
    ['jsn', ' Did you mean "json"?'],
    ['volcano', ''],
    ['', ''],
  ])('of %j is%j', (name, suggestion) => {
    expect(nearestNames(name, known)).toBe(suggestion);
  });

  it('is the name itself when it is known', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (names) => {
        const name = names[0]!;
        return nearestNames(name, names).toLowerCase() === ` Did you mean "${name}"?`.toLowerCase();
      }),
    );
  });
});
