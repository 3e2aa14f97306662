import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toxicKinds } from '../../../../harness/wire/toxics/index.ts';

const kinds = [...toxicKinds.values()];
const parse = (type: string, attributes: object) => toxicKinds.get(type)!.attributes.safeParse(attributes);

describe('kinds of toxics', () => {
  it('are shown without attributes of ours until those are given, with the defaults of Toxiproxy', () => {
    const shown = Object.fromEntries(kinds.map(({ type, attributes }) => [type, attributes.parse({})]));
    expect(shown).toMatchObject({
      noop: {},
      latency: { latency: 0, jitter: 0 },
      bandwidth: { rate: 0 },
      slow_close: { delay: 0 },
      timeout: { timeout: 0 },
      reset_peer: { timeout: 0 },
      slicer: { average_size: 0, size_variation: 0, delay: 0 },
      limit_data: { bytes: 0 },
    });
    expect(Object.keys(shown.latency!)).toEqual(['latency', 'jitter']);
    expect(Object.keys(shown.slicer!)).toEqual(['average_size', 'size_variation', 'delay']);
  });

  it.each(kinds)('$type describes each of its attributes, and leaves unknown ones aside', ({ attributes }) => {
    const { properties = {} } = z.toJSONSchema(attributes, { io: 'input' });
    for (const [name, schema] of Object.entries(properties)) expect(schema, name).toHaveProperty('description');
    expect(attributes.parse({ unknown: 1 })).not.toHaveProperty('unknown');
  });

  it.each(kinds.flatMap(({ type, attributes }) => Object.keys(attributes.shape).map((name) => ({ type, name }))))(
    '$type refuses $name of another type',
    ({ type, name }) => {
      expect(parse(type, { [name]: { no: 'value' } }).success).toBe(false);
      expect(parse(type, { [name]: true }).success).toBe(false);
    },
  );

  it('take whole numbers of 64 bits, also below zero, and no fractions or texts', () => {
    for (const latency of [-5, 0, 2 ** 62]) expect(parse('latency', { latency }).success).toBe(true);
    for (const latency of [0.5, '5', Number.NaN]) expect(parse('latency', { latency }).success).toBe(false);
  });

  it('say whole numbers to be integers where their types are looked up', () => {
    const { properties } = z.toJSONSchema(toxicKinds.get('slicer')!.attributes, { io: 'input' });
    expect(properties).toMatchObject({
      average_size: { type: 'integer' },
      size_variation: { type: 'integer' },
      delay: { type: 'integer' },
    });
  });
});
