import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { httpFaultKinds } from '../../../../harness/wire/http/faults/index.ts';
import { createMark } from '../../../../harness/wire/http/faults/mark.ts';
import type { RequestFacts } from '../../../../harness/wire/http/rules/request-facts.ts';
import { parseHttpRules } from '../../../../harness/wire/http/rules/rule.ts';
import { createRuleBook } from '../../../../harness/wire/http/rules/rule-book.ts';
import { rulesOf } from '../../../support/http-proxy.ts';

const facts = (part: Partial<RequestFacts> = {}): RequestFacts => ({
  method: 'GET',
  path: '/',
  headers: [],
  protocols: ['http/1.1'],
  ...part,
});

const fault = { type: 'status', status: 500 };

/** Which of so many equal requests a rule touches, by their numbers from 1. */
const touched = (count: number, how: object, seed = 1, asked = facts()): number[] => {
  const book = createRuleBook(seed);
  book.set(rulesOf({ ...how, fault }));
  return Array.from({ length: count }, (_, i) => i + 1).filter(() => book.select(asked).length === 1);
};

describe('what a rule matches', () => {
  it.each([
    [{ method: 'post' }, { method: 'POST' }, true],
    [{ method: ['PUT', 'POST'] }, { method: 'GET' }, false],
    [{ path: '/v1/*/predict' }, { path: '/v1/m-1/predict?x=1' }, true],
    [{ path: '/v1/*' }, { path: '/v1/a/b' }, false],
    [{ path: '/v1/**' }, { path: '/v1/a/b' }, true],
    [{ path: '/a.c' }, { path: '/abc' }, false],
    [{ headers: { 'X-Tenant': 'gold-*' } }, { headers: ['a', 'b', 'x-tenant', 'gold-7'] }, true],
    [{ headers: { 'x-tenant': 'gold-*' } }, { headers: ['x-tenant', 'silver'] }, false],
    [{ headers: { 'x-tenant': '*', 'x-other': '*' } }, { headers: ['x-tenant', 'a'] }, false],
    [{ protocol: 'h2' }, { protocols: ['h2', 'grpc'] }, true],
    [{ protocol: 'http/1.1' }, { protocols: ['h2'] }, false],
    [{ grpc: 'a.b.Svc/Get' }, { path: '/a.b.Svc/Get', protocols: ['h2', 'grpc'] }, true],
    [{ grpc: 'a.b.Svc' }, { path: '/a.b.Svc/Any', protocols: ['h2', 'grpc'] }, true],
    [{ grpc: 'a.b.Svc/*' }, { path: '/a.b.Svc/Any', protocols: ['h2'] }, false],
  ] as const)('%j and %j: %s', (match, asked, expected) => {
    expect(touched(1, { match }, 1, facts(asked as Partial<RequestFacts>)).length === 1).toBe(expected);
  });

  it('never touches by a fault what the fault does not know', () => {
    const book = createRuleBook(1);
    book.set(
      rulesOf(
        { fault: { type: 'grpc-status', code: 'ABORTED' } },
        { fault: { type: 'goaway' } },
        { fault: { type: 'websocket-cut' } },
      ),
    );
    expect(book.select(facts())).toEqual([]);
    expect(book.select(facts({ protocols: ['h2'] })).map(({ rule }) => rule.kind.type)).toEqual(['goaway']);
    expect(book.select(facts({ protocols: ['h2', 'grpc'] })).map(({ rule }) => rule.kind.type)).toEqual([
      'grpc-status',
      'goaway',
    ]);
  });
});

describe('how often a rule acts', () => {
  it('first: the first n; every: each n-th; both: the first of each n-th', () => {
    expect(touched(6, { first: 2 })).toEqual([1, 2]);
    expect(touched(7, { every: 3 })).toEqual([3, 6]);
    expect(touched(9, { every: 2, first: 2 })).toEqual([2, 4]);
  });

  it('probability draws by seed: the same for the same, about its share of many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 100 }), (seed, percent) => {
        const some = touched(400, { probability: `${percent}%` }, seed);
        expect(touched(400, { probability: percent / 100 }, seed)).toEqual(some);
        // Five standard deviations.
        const expected = 4 * percent;
        expect(Math.abs(some.length - expected)).toBeLessThanOrEqual(5 * Math.sqrt((expected * (100 - percent)) / 100) + 0.001);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps its counts when rules are set again, and loses them when it changes', () => {
    const book = createRuleBook(1);
    const source = { name: 'once', first: 1, fault };
    book.set(rulesOf(source));
    expect(book.select(facts()).length).toBe(1);
    book.set(rulesOf(source, { name: 'other', match: { path: '/other' }, fault }));
    expect(book.select(facts()).length).toBe(0);
    book.set(rulesOf({ ...source, match: { path: '/' } }));
    expect(book.select(facts()).length).toBe(1);
  });

  it('is in force only in its window', () => {
    const now = performance.now;
    let atMs = 0;
    performance.now = () => atMs;
    try {
      const book = createRuleBook(1);
      book.set(rulesOf({ after: '1s', for: '2s', fault }));
      const isInForce = (ms: number) => {
        atMs = ms;
        return book.select(facts()).length === 1;
      };
      expect([0, 999, 1000, 2999, 3000].map(isInForce)).toEqual([false, false, true, true, false]);
    } finally {
      performance.now = now;
    }
  });
});

describe('what is wrong with rules', () => {
  it.each([
    ['a list', { fault }, /^rules: expected a list of rules$/],
    [
      'a code that no close frame may have',
      [{ fault: { type: 'websocket-close', code: 1005 } }],
      /code: expected a code that may be sent/,
    ],
    ['a fault', [{}], /^rules\[0\].fault: is missing; expected a mapping with type: expected one of delay, status/],
    ['a known fault', [{ fault: { type: 'dely' } }], /^rules\[0\].fault.type: no fault is called "dely". Did you mean "delay"\?/],
    ['known settings', [{ fault: { type: 'delay', latensy: '1s' } }], /^rules\[0\].fault.*latensy.*Did you mean "latency"\?/s],
    [
      'durations with a unit',
      [{ fault: { type: 'delay', latency: 5 } }],
      /^rules\[0\].fault.latency: expected a duration with its unit/,
    ],
    [
      'one mark',
      [{ fault: { type: 'stall', afterBytes: 1, afterEvents: 1 } }],
      /expected one of afterBytes and afterEvents, got both/,
    ],
    [
      'a status in range',
      [{ fault: { type: 'status', status: 99 } }],
      /^rules\[0\].fault.status: expected at least 200, got 99$/,
    ],
    [
      'a fault that can meet the protocol',
      [{ match: { protocol: 'http/1.1' }, fault: { type: 'goaway' } }],
      /a goaway acts on h2, and never on http\/1\.1/,
    ],
    [
      'names of their own',
      [
        { name: 'a', fault },
        { name: 'a', fault },
      ],
      /^rules\[1\].name: another rule is called "a"$/,
    ],
    [
      'a header value on one line',
      [{ fault: { ...fault, headers: { a: 'b\r\nc: d' } } }],
      /^rules\[0\].fault.headers.a: expected a header value on one line$/,
    ],
  ])('they need %s', (_what, input, message) => {
    const parsed = parseHttpRules(input);
    expect(parsed.rules).toBeUndefined();
    expect((parsed as { problems: readonly string[] }).problems.join('\n')).toMatch(message);
  });

  it.each([...httpFaultKinds.values()])(
    '$type is in docs/wire.md with all of its settings, as the kind says it',
    async (kind) => {
      const docs = await readFile(new URL('../../../../docs/wire.md', import.meta.url), 'utf8');
      const rows = docs.split('\n').map((line) => line.replace(/ +/g, ' '));
      const at = rows.findIndex((row) => row.startsWith(`| \`${kind.type}\` | | | ${kind.summary}`));
      expect(at).toBeGreaterThan(0);
      for (const [index, [name, setting]] of Object.entries(kind.settings.shape).entries()) {
        const row = rows[at + 1 + index];
        expect(row).toContain(`| \`${name}\` |`);
        expect(row).toContain((setting as { description?: string }).description);
      }
    },
  );
});

describe('the place in a body after which a fault acts', () => {
  /** How many bytes come before the place, when they come in such pieces. */
  const offset = (settings: Parameters<typeof createMark>[0], bytes: Buffer, cuts: readonly number[]): number => {
    const mark = createMark(settings);
    if (mark.isAtStart) return 0;
    const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
    for (let i = 1; i < edges.length; i++) {
      const piece = bytes.subarray(edges[i - 1], edges[i]);
      const found = mark.offsetIn(piece);
      if (found <= piece.length) return edges[i - 1]! + found;
    }
    return bytes.length + 1;
  };
  const cuts = fc.array(fc.nat(), { maxLength: 12 });

  it('is the same byte however the body is cut into pieces', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(messages, fc.nat({ max: 7 }), cuts, (payloads, after, cuts) => {
        const frames = payloads.map((payload) => {
          const prefix = Buffer.alloc(5);
          prefix.writeUInt32BE(payload.length, 1);
          return Buffer.concat([prefix, payload]);
        });
        const body = Buffer.concat(frames);
        const expected = after > frames.length ? body.length + 1 : Buffer.concat(frames.slice(0, after)).length;
        expect(offset({ afterMessages: after }, body, cuts)).toBe(expected);
      }),
    );
    const events = fc.array(fc.tuple(fc.stringMatching(/^data: [a-z]{0,9}$/), fc.constantFrom('\n', '\r\n')), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(events, fc.nat({ max: 7 }), cuts, (events, after, cuts) => {
        const texts = events.map(([line, end]) => `${line}${end}${end}`);
        const body = Buffer.from(texts.join(''));
        const found = offset({ afterEvents: after }, body, cuts);
        const expected = after > texts.length ? body.length + 1 : texts.slice(0, after).join('').length;
        // The CR of a CRLF that comes apart ends the event already: its LF may follow.
        const isApart = body[found - 1] === 0x0d && found === expected - 1;
        expect(isApart ? expected : found).toBe(expected);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat({ max: 70 }), cuts, (bytes, after, cuts) => {
        const found = offset({ afterBytes: after }, Buffer.from(bytes), cuts);
        expect(found).toBe(after <= bytes.length ? after : bytes.length + 1);
      }),
    );
  });
});
