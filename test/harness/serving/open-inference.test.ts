import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BadRequest } from '../../../harness/serving/errors.ts';
import { parseInferRequest, renderInferResponse } from '../../../harness/serving/open-inference.ts';

const usual = { name: 'pixels', shape: [1, 64], datatype: 'FP32', data: new Array<number>(64).fill(1) };

/** The protocol's rules, said once more: what a request must be, whatever way it is read. */
const rules = z.object({
  id: z.string().optional(),
  inputs: z.tuple([
    z.object({
      name: z.literal('pixels'),
      shape: z.tuple([z.int().min(1).max(256), z.literal(64)]),
      datatype: z.literal('FP32'),
      data: z.array(z.union([z.number(), z.array(z.number())])),
    }),
  ]),
  outputs: z.array(z.object({ name: z.enum(['label', 'probabilities']) })).optional(),
});

const odd = fc.constantFrom<unknown>(
  null,
  0,
  1,
  2,
  1.5,
  64,
  257,
  -1,
  '',
  'pixels',
  'FP32',
  'label',
  true,
  [],
  {},
  [1, 64],
  [[1]],
);
/** A value that is mostly right. */
const mostly = <Value>(...right: readonly Value[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom<unknown>(...right) }, { weight: 1, arbitrary: odd });

const input = fc.record(
  {
    name: mostly('pixels'),
    shape: fc.oneof(mostly([1, 64], [2, 64]), fc.array(mostly(1, 64), { maxLength: 3 })),
    datatype: mostly('FP32'),
    data: mostly(usual.data, [usual.data], [usual.data, usual.data], [...usual.data, ...usual.data]),
    parameters: odd,
  },
  { requiredKeys: ['name', 'datatype'] },
);
const body = fc.oneof(
  { weight: 1, arbitrary: odd },
  {
    weight: 12,
    arbitrary: fc.record(
      {
        id: mostly('a', ''),
        inputs: fc.oneof(
          { weight: 9, arbitrary: fc.array(input, { minLength: 1, maxLength: 1 }) },
          { weight: 1, arbitrary: fc.array(input, { maxLength: 2 }) },
          { weight: 1, arbitrary: odd },
        ),
        outputs: mostly([{ name: 'label' }], [], [{ name: 'probabilities' }, { name: 'label' }]),
      },
      { requiredKeys: ['inputs'] },
    ),
  },
);

const read = (text: string) => {
  try {
    return parseInferRequest(text);
  } catch (error) {
    expect(error).toBeInstanceOf(BadRequest);
    return null;
  }
};

describe('an inference request', () => {
  it('is read just when it keeps the rules of the protocol, and holds what was sent', () => {
    let taken = 0;
    fc.assert(
      fc.property(body, (sent) => {
        const seen = read(JSON.stringify(sent));
        const { data } = rules.safeParse(sent);
        const values = data?.inputs[0].data.flat();
        if (!data || values?.length !== data.inputs[0].shape[0] * 64) {
          expect(seen).toBeNull();
          return;
        }
        taken += 1;
        expect(seen).toEqual({
          id: data.id,
          rows: Array.from({ length: values.length / 64 }, (_, row) => values.slice(row * 64, (row + 1) * 64)),
          outputs: data.outputs?.map(({ name }) => name) ?? ['label', 'probabilities'],
          binaryOutputs: [],
        });
      }),
      { numRuns: 2000 },
    );
    // The property says nothing of requests that are never made.
    expect(taken).toBeGreaterThan(100);
  });

  it('with a number that JSON has and a double has not is refused, with the place', () => {
    const text = JSON.stringify({ inputs: [usual] }).replace('[1,1,', '[1,1e999,');
    expect(() => parseInferRequest(text)).toThrow('inputs[0].data: value 1 is not a finite number.');
  });
});

describe('an answer', () => {
  it('is without an id where the request was', () => {
    const request = parseInferRequest(JSON.stringify({ inputs: [usual], outputs: [{ name: 'label' }] }));
    expect(
      JSON.stringify(renderInferResponse('digits', request, { predictions: [{ label: 3, probabilities: [] }], version: '1' })),
    ).toBe('{"model_name":"digits","model_version":"1","outputs":[{"name":"label","shape":[1],"datatype":"INT64","data":[3]}]}');
  });
});
