import { describe, expect, it } from 'vitest';
import { readCaller } from '../../../harness/serving/caller.ts';
import { BadRequest } from '../../../harness/serving/errors.ts';

const read = (headers: Readonly<Record<string, string>>) => readCaller((name) => headers[name] ?? null);

describe('what a caller says of its request', () => {
  it('is nothing by default', () => {
    expect(read({})).toEqual({ deadlineMs: Number.POSITIVE_INFINITY, tenant: '', priority: 'default' });
  });

  it('is read off the headers', () => {
    expect(read({ 'x-squall-deadline-ms': '200', 'x-squall-tenant': 'bank.eu_1-a', 'x-squall-priority': 'sheddable' })).toEqual({
      deadlineMs: 200,
      tenant: 'bank.eu_1-a',
      priority: 'sheddable',
    });
  });

  it.each([
    ...['0', '-5', '1.5', 'soon', '', '99999999999'].map((value) => ['x-squall-deadline-ms', value]),
    ...['', 'two words', 'a/b', 'x'.repeat(65)].map((value) => ['x-squall-tenant', value]),
    ...['', 'high', 'Critical'].map((value) => ['x-squall-priority', value]),
  ] as [string, string][])('is refused where %s is "%s", by its name', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(BadRequest);
    expect(() => read({ [name]: value })).toThrow(`${name} is ${JSON.stringify(value)}`);
  });
});
