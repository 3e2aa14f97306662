import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toxicKinds } from '../../../../harness/wire/toxics/index.ts';
import type { AdmissionContext } from '../../../../harness/wire/toxics/toxic.ts';
import { windowAt } from '../../../../harness/wire/toxics/windows.ts';
import { createLine, toxicOf } from '../../../support/toxic-line.ts';

const INFINITE = Number.POSITIVE_INFINITY;
const windows = fc
  .record({
    afterMs: fc.nat(50),
    forMs: fc.integer({ min: 1, max: 50 }),
    gapMs: fc.integer({ min: 1, max: 50 }),
    isOnce: fc.boolean(),
  })
  .map(({ afterMs, forMs, gapMs, isOnce }) => ({ afterMs, forMs, everyMs: isOnce ? INFINITE : forMs + gapMs }));

describe('windows', () => {
  it('are on from the first on for their length, again and again, and say when that changes', () => {
    fc.assert(
      fc.property(windows, (given) => {
        // Step by step as the oracle: a count-down for what is to come next.
        const { afterMs, forMs, everyMs } = given;
        let isOn = false;
        let leftMs = afterMs;
        for (let ageMs = 0; ageMs < 300; ageMs++) {
          if (leftMs === 0) {
            isOn = !isOn;
            leftMs = isOn ? forMs : everyMs - forMs;
          }
          expect(windowAt(given, ageMs)).toEqual({ isOn, edgeMs: ageMs + leftMs });
          leftMs -= 1;
        }
      }),
    );
  });
});

describe('a toxic with windows', () => {
  it('works in them alone, on open connections', () => {
    const line = createLine({ toxics: [toxicOf('limit_data', { bytes: 0, after_ms: 100 })] });
    line.pass(50);
    line.write('a');
    line.pass(50);
    expect(line.finishedAtMs).toBeUndefined();
    line.write('b');
    expect([line.text, line.finishedAtMs]).toEqual(['a', 100]);
  });

  it('lets go of what it holds when its window closes, and holds again in the next', () => {
    const line = createLine({ toxics: [toxicOf('bandwidth', { rate: 0, after_ms: 100, for_ms: 100, every_ms: 1000 })] });
    for (const text of 'abcdef') {
      line.write(text);
      line.pass(60);
    }
    expect(line.writes.map(({ atMs, bytes }) => `${bytes} ${atMs}`)).toEqual(['a 0', 'b 60', 'c 200', 'd 200', 'e 240', 'f 300']);
    line.pass(1100 - 360);
    line.write('g');
    expect(line.text).toBe('abcdef');
    line.pass(100);
    expect(line.text).toBe('abcdefg');
    expect(line.heldBytes).toBe(0);
  });

  it('ends a blackhole as its removal does', () => {
    const line = createLine({ toxics: [toxicOf('timeout', { for_ms: 100 })] });
    line.write('a');
    line.pass(200);
    expect([line.text, line.finishedAtMs]).toEqual(['', 100]);
  });

  it('makes half-open the connections that are open when its window begins', () => {
    const line = createLine({ toxics: [toxicOf('half_open', { after_ms: 100 })] });
    line.write('a');
    line.pass(100);
    line.write('b');
    expect(line.text).toBe('a');
  });

  it('keeps its clock over an update, and closes what an update takes out of its window', () => {
    const line = createLine({ toxics: [toxicOf('timeout', { for_ms: 100 })] });
    line.pass(50);
    line.set([toxicOf('timeout', { for_ms: 80 })]);
    line.pass(29);
    expect(line.finishedAtMs).toBeUndefined();
    line.pass(1);
    expect(line.finishedAtMs).toBe(80);
    const early = createLine({ toxics: [toxicOf('timeout')] });
    early.write('a');
    early.pass(50);
    early.set([toxicOf('timeout', { for_ms: 20 })]);
    expect(early.finishedAtMs).toBe(50);
  });

  it('goes on counting over an update that gives it windows', () => {
    const line = createLine({ toxics: [toxicOf('limit_data', { bytes: 5 })] });
    line.write('abc');
    line.set([toxicOf('limit_data', { bytes: 5, for_ms: 1000 })]);
    line.write('def');
    expect(line.text).toBe('abcde');
  });

  it('passes on a reset between its windows', () => {
    const line = createLine({ toxics: [toxicOf('latency', { latency: 5, after_ms: 100 })] });
    line.abort();
    expect(line.abortedAtMs ?? line.resetAtMs).toBe(0);
  });

  it('is refused when its windows would run into each other', () => {
    const parse = (attributes: object) => toxicKinds.get('latency')!.attributes.safeParse(attributes).success;
    expect(parse({ for_ms: 10, every_ms: 20 })).toBe(true);
    expect(parse({ for_ms: 20, every_ms: 20 })).toBe(false);
    expect(parse({ every_ms: 20 })).toBe(false);
    expect(parse({ after_ms: -1 })).toBe(false);
    expect(parse({ for_ms: 0 })).toBe(false);
  });
});

describe('a toxic of some connections', () => {
  const touched = (attributes: object) =>
    Array.from({ length: 14 }, (_, index) => index - 1).filter((ordinal) => {
      const line = createLine({ toxics: [toxicOf('timeout', attributes)], ordinal });
      line.write('a');
      return line.text === '';
    });

  it('touches the first ones that are opened, or every so manieth, or both', () => {
    expect(touched({ first: 3 })).toEqual([1, 2, 3]);
    expect(touched({ every: 4 })).toEqual([4, 8, 12]);
    expect(touched({ first: 8, every: 4 })).toEqual([4, 8]);
    expect(touched({})).toHaveLength(14);
  });
});

describe('admission', () => {
  const ask = (type: string, attributes: object, context: Partial<AdmissionContext> = {}) =>
    toxicOf(type, attributes).kind.admit!(toxicOf(type, attributes).attributes, {
      now: () => 0,
      sinceMs: 0,
      ordinal: 1,
      random: () => 0.25,
      open: 0,
      ...context,
    });

  it('by connection_limit is for as many as it says, and the others are reset or kept in a queue', () => {
    expect(ask('connection_limit', { connections: 2 }, { open: 1 })).toEqual({ type: 'accept' });
    expect(ask('connection_limit', { connections: 2 }, { open: 2 })).toEqual({ type: 'reset' });
    expect(ask('connection_limit', { connections: 2, excess: 'wait' }, { open: 2 })).toEqual({ type: 'queue' });
    expect(ask('connection_limit', {}, { open: 1e6 })).toEqual({ type: 'accept' });
  });

  it('by slow_accept comes after its delay', () => {
    expect(ask('slow_accept', { delay: 100 })).toEqual({ type: 'wait', forMs: 100 });
    expect(ask('slow_accept', { delay: 100, jitter: 40 })).toEqual({ type: 'wait', forMs: 80 });
    expect(ask('slow_accept', { jitter: 40 })).toEqual({ type: 'accept' });
  });

  it('is asked for in windows and of some connections alone', () => {
    const limit = { connections: 0, excess: 'wait', after_ms: 100, for_ms: 50 };
    expect(ask('connection_limit', limit, { now: () => 99 })).toEqual({ type: 'accept' });
    expect(ask('connection_limit', limit, { now: () => 120 })).toEqual({ type: 'queue', recheckMs: 30 });
    expect(ask('connection_limit', limit, { now: () => 150 })).toEqual({ type: 'accept' });
    expect(ask('connection_limit', { connections: 0, every: 2 }, { ordinal: 3 })).toEqual({ type: 'accept' });
    expect(ask('connection_limit', { connections: 0, every: 2 }, { ordinal: 4 })).toEqual({ type: 'reset' });
  });
});
