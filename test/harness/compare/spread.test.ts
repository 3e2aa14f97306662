import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberOf, type Quantity, spreadOf } from '../../../harness/compare/spread.ts';

const reading = (value: Quantity, samples = 100) => ({ value, samples });

describe('the spread of several runs', () => {
  it('is the middle run, the lowest and the highest, and counts what could be measured', () => {
    expect(spreadOf([reading(30), null, reading(10, 40), reading(20)])).toEqual({
      median: 20,
      min: 10,
      max: 30,
      runs: 3,
      samples: 40,
    });
  });

  it('has the mean of the middle two of an even count', () => {
    expect(spreadOf([reading(10), reading(20), reading(40), reading(80)])).toMatchObject({ median: 30 });
  });

  it('takes never for longer than any time', () => {
    expect(spreadOf([reading('never'), reading(10), reading(20)])).toMatchObject({ median: 20, min: 10, max: 'never' });
    expect(spreadOf([reading('never'), reading(10)])).toMatchObject({ median: 'never' });
  });

  it('is nothing where no run could measure', () => {
    expect(spreadOf([null, null])).toBeNull();
  });

  it('lies between its ends, for any runs', () => {
    const quantities = fc.array(fc.oneof(fc.integer(), fc.constant('never' as const)), { minLength: 1 });
    fc.assert(
      fc.property(quantities, (values) => {
        const { median, min, max } = spreadOf(values.map((value) => reading(value)))!;
        expect(numberOf(min)).toBeLessThanOrEqual(numberOf(median));
        expect(numberOf(median)).toBeLessThanOrEqual(numberOf(max));
      }),
    );
  });
});
