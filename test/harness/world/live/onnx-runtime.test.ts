import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { SquallError } from '../../../../harness/errors.ts';
import { loadSamples } from '../../../../harness/load/samples.ts';
import { packageRoot } from '../../../../harness/package-root.ts';
import { createOnnxRuntime } from '../../../../harness/world/live/onnx-runtime.ts';
import { ModelInputError, type ModelRuntime } from '../../../../mocks/models/runtime.ts';

const samples = loadSamples('digits');
const blank: readonly number[] = new Array(64).fill(0);
let runtime: ModelRuntime;
const printed: unknown[] = [];

beforeAll(async () => {
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...text) => void printed.push(text));
  }
  runtime = await createOnnxRuntime(['digits', 'digits-small']);
  await runtime.predict('digits', [blank]);
  vi.restoreAllMocks();
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the models that ship, run by the live world', () => {
  test.each([
    ['digits', 530],
    ['digits-small', 470],
  ])('%s gets %i of the 540 held-out samples right, as its README says', async (model, expected) => {
    const predictions = await runtime.predict(
      model,
      samples.map(({ pixels }) => pixels),
    );
    const correct = predictions.filter(({ label }, index) => label === samples[index]?.label).length;
    expect(samples).toHaveLength(540);
    // One sample of play: WebAssembly may round a near-tie another way than the trainer did.
    expect(Math.abs(correct - expected)).toBeLessThanOrEqual(1);
    const readme = readFileSync(join(packageRoot, 'mocks', 'models', 'README.md'), 'utf8');
    expect(readme).toMatch(new RegExp(`\`${model}\\.onnx\`.*${expected} of 540`));
  });

  test('a prediction is a distribution over ten digits, and its label is the likeliest', async () => {
    for (const { label, probabilities } of await runtime.predict('digits', [samples[0]!.pixels, blank])) {
      expect(probabilities).toHaveLength(10);
      expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 5);
      expect(probabilities[label]).toBe(Math.max(...probabilities));
    }
  });

  test('nothing is printed while models load and predict', () => {
    expect(printed).toEqual([]);
  });
});

describe('predictions at the same time', () => {
  test('each call gets its own answer, whatever else is asked meanwhile', async () => {
    const call = fc.record({
      model: fc.constantFrom('digits', 'digits-small'),
      rows: fc.array(fc.nat(samples.length - 1), { maxLength: 5 }),
      isBad: fc.boolean(),
    });
    const alone = new Map<string, readonly number[]>();
    for (const model of ['digits', 'digits-small']) {
      const predictions = await runtime.predict(
        model,
        samples.map(({ pixels }) => pixels),
      );
      alone.set(
        model,
        predictions.map(({ label }) => label),
      );
    }
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 20 }), async (calls) => {
        const results = await Promise.allSettled(
          calls.map(({ model, rows, isBad }) =>
            runtime.predict(model, [...rows.map((row) => samples[row]!.pixels), ...(isBad ? [[1]] : [])]),
          ),
        );
        results.forEach((result, index) => {
          const { model, rows, isBad } = calls[index]!;
          if (isBad) expect(result.status).toBe('rejected');
          else {
            expect(result.status === 'fulfilled' && result.value.map(({ label }) => label)).toEqual(
              rows.map((row) => alone.get(model)![row]),
            );
          }
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('input that does not fit', () => {
  test.each([
    ['too short', new Array(63).fill(1)],
    ['too long', new Array(65).fill(1)],
    ['empty', []],
    ['not a number', [...blank.slice(1), Number.NaN]],
    ['infinite', [...blank.slice(1), Number.POSITIVE_INFINITY]],
    ['infinite in 32 bits', [...blank.slice(1), 1e300]],
    ['text', [...blank.slice(1), '7' as unknown as number]],
    ['so large that the model overflows', blank.map((_, index) => (index % 2 === 0 ? 3e38 : -3e38))],
  ])('a row that is %s is refused with ModelInputError', async (_, row) => {
    await expect(runtime.predict('digits-small', [blank, row])).rejects.toThrow(ModelInputError);
  });

  test('no rows give no predictions', async () => {
    await expect(runtime.predict('digits', [])).resolves.toEqual([]);
  });

  test('a model that was not loaded is refused by name', async () => {
    await expect(runtime.predict('letters', [blank])).rejects.toThrow(/letters is not loaded/);
  });

  test('a model without a file is refused before anything runs', async () => {
    const error = await createOnnxRuntime(['letters']).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SquallError);
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('letters.onnx') });
  });
});
