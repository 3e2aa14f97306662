import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findKnob, knobs, settingOf, valueIn } from '../../../harness/compare/knob.ts';
import { MAX_VALUES, parseSweep } from '../../../harness/compare/sweep.ts';
import { SquallError } from '../../../harness/errors.ts';
import { writtenValue } from '../../../harness/serving/design/field.ts';

const written = (text: string) => parseSweep(text).values.map((value) => value.written);

/** What the refusal says, with its remedy. */
const refusal = (text: string): string => {
  try {
    parseSweep(text);
  } catch (error) {
    if (error instanceof SquallError && error.code === 'BAD_FLAG') return `${error.message} ${error.remedy}`;
    throw error;
  }
  throw new Error(`${text} is taken`);
};

describe('--sweep', () => {
  it('takes a range of whole numbers one by one', () => {
    const { knob, values } = parseSweep('circuitBreaker.consecutiveFailures=3..20');
    expect(knob.path).toBe('circuitBreaker.consecutiveFailures');
    expect(values).toHaveLength(18);
    expect(values[0]).toEqual({ written: '3', patch: { circuitBreaker: { consecutiveFailures: 3 } } });
    expect(values.at(-1)!.written).toBe('20');
  });

  it('knows a knob by the names that people use', () => {
    expect(parseSweep('breaker.threshold=3..5').knob.path).toBe('circuitBreaker.consecutiveFailures');
    expect(parseSweep('deadlineMs=1s,2s').knob.path).toBe('deadline');
    expect(parseSweep('hedging.afterMs=10ms,20ms').knob.path).toBe('hedging.after');
  });

  it.each([
    ['hedging.after=100ms..2s/5', ['100ms', '575ms', '1050ms', '1525ms', '2s']],
    ['retry.budgetRatio=0%..50%/3', ['0%', '25%', '50%']],
    ['retry.budgetMin=5/s..50/s/4', ['5/s', '20/s', '35/s', '50/s']],
    ['degrade.cacheEntries=1..1000', ['1', '201', '401', '600', '800', '1000']],
    ['circuitBreaker.consecutiveFailures=3,5,8', ['3', '5', '8']],
    ['routing.policy=priority,cost', ['priority', 'cost']],
    ['deadline=off,500ms', ['off', '500ms']],
    ['hedging=on,off', ['on', 'off']],
    ['degrade.ladder=rules,cached-prediction+rules', ['rules', 'cached-prediction+rules']],
    ['retry.maxRetries=1,1,2', ['1', '2']],
  ])('reads %s', (text, values) => {
    expect(written(text)).toEqual(values);
  });

  it('makes patches of designs of the values', () => {
    expect(parseSweep('deadline=off,500ms').values.map(({ patch }) => patch)).toEqual([
      { deadlineMs: false },
      { deadlineMs: 500 },
    ]);
    expect(parseSweep('hedging=on,off').values.map(({ patch }) => patch)).toEqual([{ hedging: {} }, { hedging: false }]);
    expect(parseSweep('routing.failover=false').values[0]!.patch).toEqual({ routing: { failover: false } });
  });

  it.each([
    ['circuitBraker.consecutiveFailures=3..5', 'Did you mean "circuitBreaker.consecutiveFailures"?'],
    ['breaker.treshold=3..5', 'Did you mean "breaker.threshold"?'],
    ['circuitBreaker.nothing=3..5', 'Known: circuitBreaker.consecutiveFailures, circuitBreaker.halfOpenAfter'],
    ['circuitBreaker.consecutiveFailures=0..5', 'expected at least 1, got 0'],
    ['circuitBreaker.consecutiveFailures=3..many', 'expected a number, got "many"'],
    ['circuitBreaker.consecutiveFailures=5..3', 'from the smaller value to the larger'],
    ['circuitBreaker.consecutiveFailures', 'it has no values'],
    ['hedging.after=100', 'expected a duration with its unit'],
    ['hedging.after=1ms..2ms/1', 'two values at least'],
    ['hedging.after=1ms..2s/51', `at most ${MAX_VALUES}`],
    ['routing.policy=priority..cost', 'routing.policy has no range'],
    ['routing.policy=cheapest', 'expected one of priority'],
    ['routing=off', 'no setting of designs is called "routing"'],
    ['hedging=maybe', 'expected on or off'],
    ['deadline=off..2s', 'a range goes from a value to a value'],
    ['retry.budgetRatio=10..20', 'did you mean 10%?'],
  ])('refuses %s in one message', (text, expected) => {
    const message = refusal(text);
    expect(message).toMatch(/^--sweep /);
    expect(message).toContain(expected);
  });

  it('has values within the ends of any range, from the first to the last', () => {
    const ends = fc.tuple(
      fc.integer({ min: 1, max: 9000 }),
      fc.integer({ min: 1, max: 900 }),
      fc.integer({ min: 2, max: MAX_VALUES }),
    );
    fc.assert(
      fc.property(ends, ([from, length, count]) => {
        const values = written(`degrade.cacheEntries=${from}..${from + length}/${count}`).map(Number);
        expect(values[0]).toBe(from);
        expect(values.at(-1)).toBe(from + length);
        expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b));
        expect(values.length).toBeLessThanOrEqual(count);
      }),
    );
  });
});

describe('knobs', () => {
  it.each(knobs.map((knob) => [knob.path, knob] as const))('%s is found by its path', (path, knob) => {
    expect(findKnob(path)).toBe(knob);
  });

  it.each(
    knobs.filter(({ field }) => field && field.type !== 'list' && field.default !== '').map((knob) => [knob.path, knob] as const),
  )('%s takes its own default as files write it', (_path, knob) => {
    const setting = settingOf(knob, writtenValue(knob.field!, knob.field!.default));
    expect(setting.problem).toBeUndefined();
    expect(valueIn(knob, setting.patch!)).toBe(knob.field!.default);
  });
});
