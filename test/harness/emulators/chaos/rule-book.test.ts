import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaultRule, ServiceCall } from '../../../../harness/emulators/chaos/rule.ts';
import { createRuleBook } from '../../../../harness/emulators/chaos/rule-book.ts';

const SEED = 7;
const services = ['s3', 'ec2', 'sagemaker-runtime'];
const regions = ['us-east-1', 'eu-west-1'];
const operations = ['GetObject', 'RunInstances', 'InvokeEndpoint'];

const among = (names: readonly string[]) => fc.constantFrom(...names);
const call: fc.Arbitrary<ServiceCall> = fc.record({
  service: among(services),
  region: among(regions),
  operation: among([...operations, '']),
});
const rule = (probability: fc.Arbitrary<number>): fc.Arbitrary<FaultRule> =>
  fc.record(
    {
      service: among(services),
      region: among(regions),
      operation: among(operations),
      probability,
      description: fc.string(),
      error: fc.record(
        { statusCode: fc.integer({ min: 400, max: 599 }), code: among(['SlowDown', 'Teapot']) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
const certain = rule(fc.constant(1));
const listOf = (one: fc.Arbitrary<FaultRule>) => fc.uniqueArray(one, { selector: (each) => JSON.stringify(each), maxLength: 8 });

/** The rule again, its members written in the other order. */
const turned = (given: FaultRule): FaultRule => {
  const entries = Object.entries({ ...given, ...(given.error ? { error: turned(given.error as FaultRule) } : {}) });
  return Object.fromEntries(entries.reverse());
};

const bookOf = (rules: readonly FaultRule[], seed = SEED) => {
  const book = createRuleBook(seed);
  book.set(rules);
  return book;
};

describe('rules of the chaos API', () => {
  it('fail a request by the first one whose every member is as the request has it', () => {
    fc.assert(
      fc.property(listOf(certain), call, (rules, asked) => {
        const first = rules.find((each) =>
          (['service', 'region', 'operation'] as const).every((name) => each[name] === undefined || each[name] === asked[name]),
        );
        expect(bookOf(rules).failureOf(asked)).toEqual(
          first && { statusCode: first.error?.statusCode ?? 503, code: first.error?.code ?? 'ServiceUnavailable' },
        );
      }),
    );
  });

  it('fail nothing where there is none, and everything where there is an empty one', () => {
    fc.assert(
      fc.property(call, (asked) => {
        expect(bookOf([]).failureOf(asked)).toBeUndefined();
        expect(bookOf([{}]).failureOf(asked)).toEqual({ statusCode: 503, code: 'ServiceUnavailable' });
      }),
    );
  });

  it('fail only what they say they can, and ask for the operation where it decides', () => {
    fc.assert(
      fc.property(listOf(certain), call, call, (rules, asked, other) => {
        const book = bookOf(rules);
        const { operation: _, ...endpoint } = asked;
        if (!book.canFail(endpoint)) expect(book.failureOf(asked)).toBeUndefined();
        if (!book.asksForOperation(endpoint)) {
          expect(book.failureOf(asked)).toEqual(book.failureOf({ ...endpoint, operation: other.operation }));
        }
      }),
    );
  });

  it('leave a request that their draw spares to the next one', () => {
    const book = bookOf([{ probability: 0, error: { code: 'Never' } }, { error: { code: 'Always' } }]);
    expect(book.failureOf({ service: 's3', region: 'us-east-1', operation: '' })).toMatchObject({ code: 'Always' });
  });

  it.each([0.05, 0.3, 0.5, 0.9])('with a probability of %d fail that share of the requests that they match', (probability) => {
    const book = bookOf([{ service: 's3', probability }]);
    const calls = 10_000;
    let failed = 0;
    for (let n = 0; n < calls; n += 1) {
      if (book.failureOf({ service: 's3', region: 'us-east-1', operation: 'GetObject' })) failed += 1;
      // Other services' requests draw nothing, and so change nothing.
      expect(book.failureOf({ service: 'ec2', region: 'us-east-1', operation: '' })).toBeUndefined();
    }
    // Five standard deviations.
    expect(Math.abs(failed - calls * probability)).toBeLessThan(5 * Math.sqrt(calls * probability * (1 - probability)));
  });

  it('draw the same for the same seed, whatever other rules hold beside them, and otherwise for another seed', () => {
    const drawn = (seed: number, rules: readonly FaultRule[], others: readonly FaultRule[] = []) => {
      const book = bookOf(rules, seed);
      book.add(others);
      return Array.from(
        { length: 64 },
        () => book.failureOf({ service: 's3', region: 'us-east-1', operation: '' }) !== undefined,
      );
    };
    const half = [{ service: 's3', probability: 0.5 }];
    expect(drawn(SEED, half)).toEqual(drawn(SEED, half, [{ service: 'ec2', probability: 0.5 }]));
    expect(drawn(SEED, half)).not.toEqual(drawn(SEED + 1, half));
  });
});

describe('the list of rules', () => {
  const lists = [listOf(rule(fc.double({ min: 0, max: 1, noNaN: true }))), listOf(rule(fc.constantFrom(0, 0.5, 1)))] as const;

  it('holds what it was set to, whatever it held', () => {
    fc.assert(
      fc.property(...lists, (before, after) => {
        const book = bookOf(before);
        book.set(after);
        expect(book.rules()).toEqual(after);
      }),
    );
  });

  it('holds what was there before what is added, and each rule once', () => {
    fc.assert(
      fc.property(...lists, (before, added) => {
        const book = bookOf(before);
        book.add(added);
        const held = book.rules();
        expect(held.slice(0, before.length)).toEqual(before);
        for (const each of added) expect(held.filter((other) => isEqual(other, each))).toHaveLength(1);
        expect(held.every((each) => [...before, ...added].includes(each))).toBe(true);
        book.add(held.map(turned));
        expect(book.rules()).toEqual(held);
      }),
    );
  });

  it('loses exactly the rules that are removed, however their members are ordered, and keeps the order of the others', () => {
    fc.assert(
      fc.property(...lists, (before, removed) => {
        const book = bookOf(before);
        book.add(removed);
        book.remove(removed.map(turned));
        expect(book.rules()).toEqual(before.filter((each) => !removed.some((other) => isEqual(other, each))));
        book.remove(book.rules());
        expect(book.rules()).toEqual([]);
      }),
    );
  });

  it('keeps a rule when one is removed that says more, less or a default in words', () => {
    const held = [{ service: 's3', probability: 0.5 }];
    const book = bookOf(held);
    book.remove([{ service: 's3' }, {}, { service: 's3', probability: 0.5, region: 'us-east-1' }]);
    expect(book.rules()).toEqual(held);
    const implied = bookOf([{ service: 's3' }]);
    implied.remove([
      { service: 's3', probability: 1 },
      { service: 's3', error: {} },
    ]);
    expect(implied.rules()).toEqual([{ service: 's3' }]);
  });

  it('leaves the draws of standing rules as they are when others come and go', () => {
    const half = { service: 's3', probability: 0.5 };
    const asked = { service: 's3', region: 'us-east-1', operation: '' };
    const [steady, changed] = [bookOf([half]), bookOf([half])];
    const draws = Array.from({ length: 64 }, (_, n) => {
      if (n % 8 === 0) changed.add([{ service: 'ec2' }, half]);
      if (n % 8 === 4) changed.remove([{ service: 'ec2' }]);
      return [steady.failureOf(asked) !== undefined, changed.failureOf(asked) !== undefined];
    });
    expect(draws.map(([one]) => one)).toEqual(draws.map(([, other]) => other));
  });
});

const isEqual = (one: FaultRule, other: FaultRule): boolean => {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
};
