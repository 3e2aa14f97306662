import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAgainst, formatBounds, formatTime, formatValue } from '../../../harness/verdict/format.ts';
import type { Unit } from '../../../harness/verdict/metrics.ts';

describe('formatValue', () => {
  it.each<[Unit, number, string]>([
    ['share', 1, '100 %'],
    ['share', 0, '0 %'],
    ['share', 0.9995, '99.95 %'],
    ['share', 0.99999, '99.999 %'],
    ['share', 0.00001, '0.001 %'],
    ['share', 0.123456, '12.35 %'],
    ['ms', 812.4, '812 ms'],
    ['ms', 3.44, '3.4 ms'],
    ['ms', 0, '0 ms'],
    ['ms', 12_340, '12.3 s'],
    ['per-second', 48.24, '48.2/s'],
    ['usd', 0, '$0'],
    ['usd', 0.012345, '$0.0123'],
    ['usd', 0.0000001234, '$0.000000123'],
    ['usd', 12.5, '$12.5'],
  ])('writes %s %d as %s', (unit, value, text) => {
    expect(formatValue(unit, value)).toBe(text);
  });

  it('never writes an exponent', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Unit>('share', 'ms', 'per-second', 'usd'),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (unit, value) => {
          expect(formatValue(unit, value)).toMatch(/^\$?\d+(\.\d+)?( %| ms| s|\/s)?$/);
        },
      ),
    );
  });
});

describe('formatTime', () => {
  it('writes points of the timeline in seconds', () => {
    expect([0, 400, 10_000, 12_340].map(formatTime)).toEqual(['0 s', '0.4 s', '10 s', '12.3 s']);
  });
});

describe('formatBounds', () => {
  it('writes what is required', () => {
    expect(formatBounds('ms', { max: 300 })).toBe('<= 300 ms');
    expect(formatBounds('share', { min: 0.99 })).toBe('>= 99 %');
    expect(formatBounds('share', { min: 0.01, max: 0.2 })).toBe('>= 1 % and <= 20 %');
  });
});

describe('formatAgainst', () => {
  it('given a value that only nearly meets its bound, then it is told from it', () => {
    expect(formatAgainst('ms', 300.2345678, { max: 300 })).toBe('300.2 ms');
    expect(formatAgainst('ms', 300.0345678, { max: 300 })).toBe('300.03 ms');
    expect(formatAgainst('share', 0.98999, { min: 0.99 })).toBe('98.999 %');
    expect(formatAgainst('ms', 300, { max: 300 })).toBe('300 ms');
  });

  it('never shows a broken bound as met', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 1, max: 999_999 }), (bound, part) => {
        const value = bound + part / 1_000_000;
        expect(formatAgainst('ms', value, { max: bound })).not.toBe(formatValue('ms', bound));
      }),
    );
  });
});
