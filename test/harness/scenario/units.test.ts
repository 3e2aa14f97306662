import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { duration, rate, share } from '../../../harness/scenario/units.ts';

const messageOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message;

describe('a duration in a scenario', () => {
  it.each([
    ['8s', 8000],
    ['250ms', 250],
    ['1m', 60_000],
    ['1.5s', 1500],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['0s', 0],
    [' 8s ', 8000],
  ])('reads %s as %d ms', (text, ms) => expect(duration.parse(text)).toBe(ms));

  it.each(['8', '', 's', '-1s', '8 s x', '8sec', '1e3s', '.5s', '8S'])('refuses "%s" and says what would be right', (text) =>
    expect(messageOf(duration, text)).toBe(
      `expected a duration with its unit, such as 250ms, 8s, 1m30s or 1h, got ${JSON.stringify(text)}`,
    ),
  );

  it('refuses a bare number, which has no unit', () => {
    expect(messageOf(duration, 8)).toContain('a duration with its unit');
    expect(messageOf(duration, undefined)).toContain('got nothing');
  });

  it('refuses more than a day', () => expect(messageOf(duration, '25h')).toContain('at most 24h'));

  it('reads back any whole number of milliseconds', () => {
    fc.assert(
      fc.property(fc.nat(86_400_000), (ms) => {
        expect(duration.parse(`${ms}ms`)).toBe(ms);
      }),
    );
  });
});

describe('a share in a scenario', () => {
  it.each([
    ['99.5%', 0.995],
    ['25%', 0.25],
    ['0%', 0],
    ['100 %', 1],
    [0.25, 0.25],
    [1, 1],
  ])('reads %s as %d', (value, expected) => expect(share.parse(value)).toBeCloseTo(expected, 12));

  it.each(['101%', -0.1, 1.01, Number.NaN])('refuses %s as out of range', (value) =>
    expect(share.safeParse(value).success).toBe(false),
  );
  it.each(['0.25', '', '%', '-5%', 'most'])('refuses "%s"', (value) =>
    expect(messageOf(share, value)).toContain('such as 99.5% or 0.995'),
  );
  it('asks whether a number above 1 is a percentage', () => expect(messageOf(share, 25)).toContain('did you mean 25%?'));
});

describe('a rate in a scenario', () => {
  it.each([
    [50, 50],
    ['50/s', 50],
    ['600/m', 10],
    ['0.5 / s', 0.5],
    [0, 0],
  ])('reads %s as %d a second', (value, expected) => expect(rate.parse(value)).toBe(expected));

  it.each(['50', '50/h', -1, 1e6, '', null, Number.POSITIVE_INFINITY])('refuses %s', (value) =>
    expect(messageOf(rate, value)).toContain('rate'),
  );
});

it('units can be described for help: their input types and defaults survive in JSON Schema', () => {
  const schema = z.object({ wait: duration.prefault('8s').describe('How long.'), part: share.prefault('25%') });
  const { properties } = z.toJSONSchema(schema, { io: 'input' });
  expect(properties).toMatchObject({ wait: { default: '8s', description: 'How long.' }, part: { default: '25%' } });
  expect(schema.parse({})).toEqual({ wait: 8000, part: 0.25 });
});
