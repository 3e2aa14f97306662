import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRequestPicker, type RequestHead, requestSelector } from '../../../harness/faults/request-selector.ts';

const head = (method: string, path: string, headers: Readonly<Record<string, string>> = {}): RequestHead => ({
  method,
  path,
  header: (name) => headers[name] ?? null,
});

const picks = (input: unknown, ...heads: readonly RequestHead[]): readonly boolean[] => {
  const picker = createRequestPicker(requestSelector.parse(input));
  return heads.map((one) => picker.picks(one));
};

describe('a selector of requests', () => {
  test('goes by method, whatever its case', () => {
    expect(picks({ method: 'post' }, head('POST', '/a'), head('GET', '/a'))).toEqual([true, false]);
    expect(picks({ method: ['GET', 'PUT'] }, head('PUT', '/'), head('POST', '/'), head('get', '/'))).toEqual([true, false, true]);
  });

  test('goes by path, where * stands for any characters', () => {
    const paths = [
      '/endpoints/digits/invocations',
      '/endpoints//invocations',
      '/endpoints/a/async',
      '/x/endpoints/a/invocations',
    ];
    expect(picks({ path: '/endpoints/*/invocations' }, ...paths.map((path) => head('POST', path)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('goes by all of the headers given, and by a header that is there', () => {
    const selector = { header: { 'x-tenant': 'a*', 'x-tier': '*' } };
    expect(
      picks(
        selector,
        head('GET', '/', { 'x-tenant': 'acme', 'x-tier': '' }),
        head('GET', '/', { 'x-tenant': 'acme' }),
        head('GET', '/', { 'x-tenant': 'b', 'x-tier': '1' }),
      ),
    ).toEqual([true, false, false]);
  });

  test('goes by a header that is there and empty, when its value is left empty', () => {
    const heads = [head('GET', '/', { 'x-tier': '' }), head('GET', '/', { 'x-tier': '1' }), head('GET', '/')];
    expect(picks({ header: { 'x-tier': '' } }, ...heads)).toEqual([true, false, false]);
  });

  test('counts only requests that match, then takes every nth, then the first of these', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('GET', 'POST'), { maxLength: 60 }),
        fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        (methods, every, first) => {
          const selector = { method: 'POST', ...(every ? { every } : {}), ...(first ? { first } : {}) };
          const picked = picks(selector, ...methods.map((method) => head(method, '/')));
          const posts = methods.flatMap((method, index) => (method === 'POST' ? [index] : []));
          const expected = posts.filter((_, count) => (count + 1) % (every ?? 1) === 0).slice(0, first ?? posts.length);
          expect(picked.flatMap((isPicked, index) => (isPicked ? [index] : []))).toEqual(expected);
        },
      ),
    );
  });

  test('picks every request where there is none', () => {
    const picker = createRequestPicker(undefined);
    expect(picker.picks(head('GET', '/'))).toBe(true);
  });

  test.each([
    ['nothing at all', {}],
    ['a path with a query', { path: '/a?b' }],
    ['a path that does not begin like one', { path: 'a' }],
    ['a method with a space', { method: 'GET /' }],
    ['no count', { every: 0 }],
    ['half a request', { first: 1.5 }],
    ['something else', { host: 'a' }],
    ['a header name with a space', { header: { 'a b': '*' } }],
  ])('refuses %s', (_what, input) => {
    expect(requestSelector.safeParse(input).success).toBe(false);
  });
});
