import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareKeys, type ListingQuery, listKeys } from '../../../mocks/aws/s3/listing.ts';

const segment = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', 'é', '\uFFFD', '😀'), maxLength: 6 });
const keys = fc.uniqueArray(
  segment.filter((key) => key !== ''),
  { maxLength: 25 },
);
const prefix = fc.constantFrom('', 'a', 'a/', '/');
const delimiter = fc.constantFrom('', '/', '-', 'ab');

/** All pages, one after the other. */
const pagesOf = (all: readonly string[], query: Omit<ListingQuery, 'after'>) => {
  const pages = [];
  let after: string | null = '';
  while (after !== null) {
    const page = listKeys(all, { ...query, after });
    pages.push(page);
    after = page.last;
  }
  return pages;
};

describe('a list of keys', () => {
  test('is in the order of their UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 6 }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  test('has, whatever the size of its pages, each key with the prefix once, or its common prefix once', () => {
    fc.assert(
      fc.property(keys, prefix, delimiter, fc.integer({ min: 1, max: 8 }), (all, begins, until, limit) => {
        const pages = pagesOf(all, { prefix: begins, delimiter: until, limit });
        const rolledUp = (key: string) => {
          const at = until === '' ? -1 : key.indexOf(until, begins.length);
          return at === -1 ? null : key.slice(0, at + until.length);
        };
        const wanted = all.filter((key) => key.startsWith(begins)).sort(compareKeys);
        expect(pages.flatMap((page) => page.keys)).toEqual(wanted.filter((key) => rolledUp(key) === null));
        expect(pages.flatMap((page) => page.commonPrefixes)).toEqual([...new Set(wanted.flatMap((key) => rolledUp(key) ?? []))]);
        for (const page of pages.slice(0, -1)) expect(page.keys.length + page.commonPrefixes.length).toBe(limit);
      }),
      { numRuns: 500 },
    );
  });

  test('of no keys has an end', () => {
    expect(listKeys(['a', 'b'], { prefix: '', delimiter: '', after: '', limit: 0 })).toEqual({
      keys: [],
      commonPrefixes: [],
      last: null,
    });
  });
});
