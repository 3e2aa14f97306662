import fc from 'fast-check';
import { expect, test } from 'vitest';
import { urlPartsOf } from '../../../mocks/shared/url-parts.ts';

test('path and query of a URL are what URL says', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
      const { href, pathname, search } = new URL(text);
      expect(urlPartsOf(href)).toEqual({ path: pathname, search });
    }),
    { numRuns: 500 },
  );
});

test.each(['http://a', 'https://a?', 'http://a/?', 'http://a/b?c?d', 'http://a/b#?', 'http://[::1]:80/x?y'])('%s', (text) => {
  const { href, pathname, search } = new URL(text);
  expect(urlPartsOf(href)).toEqual({ path: pathname, search });
});
