import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareSamples } from '../../../harness/load/sample-share.ts';

const EU = { within: 'EU', transfers: [] };
const tenants = fc.uniqueArray(
  fc.record({ name: fc.stringMatching(/^[a-z]{1,4}$/), isHeld: fc.boolean() }).map(({ name, isHeld }) => ({
    name,
    ...(isHeld ? { residency: EU } : {}),
  })),
  { maxLength: 6, selector: ({ name }) => name },
);
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('samples', () => {
  it('of a tenant whose data has to stay are its own, and of no one else', () => {
    fc.assert(
      fc.property(tenants, fc.integer({ min: 14, max: 600 }), draw, (all, count, drawn) => {
        const share = shareSamples(all, count);
        for (const { name, ...held } of [...all, { name: '' }]) {
          const index = share.indexOf(name, drawn);
          expect(index).toBeGreaterThanOrEqual(0);
          expect(index).toBeLessThan(count);
          expect(share.ownerOf(index)).toBe('residency' in held ? name : undefined);
        }
      }),
    );
  });

  it('are all used', () => {
    const share = shareSamples([{ name: 'clinic', residency: EU }, { name: 'shop' }], 11);
    const drawn = ['clinic', 'shop'].flatMap((name) => Array.from({ length: 100 }, (_, at) => share.indexOf(name, at / 100)));
    expect(new Set(drawn).size).toBe(11);
  });

  it('are drawn from all of them where nobody has any to himself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), draw, (count, drawn) => {
        expect(shareSamples([{ name: 'shop' }], count).indexOf('shop', drawn)).toBe(Math.floor(drawn * count));
      }),
    );
  });
});
