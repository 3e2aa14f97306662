import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchPredictions } from '../../../../harness/world/live/batch-predictions.ts';
import { ModelInputError, type ModelRuntime } from '../../../../mocks/models/runtime.ts';

type Rows = readonly (readonly number[])[];

/** Its prediction says which row it is of; a row of a negative number is refused, by its place. */
const createModel = (calls: Rows[] = []): ModelRuntime => ({
  async predict(model, inputs) {
    calls.push(inputs);
    const bad = inputs.findIndex(([value]) => value! < 0);
    if (bad !== -1) throw new ModelInputError(`row ${bad} is negative`);
    return inputs.map(([value]) => ({ label: value!, probabilities: [model.length] }));
  },
});

const outcome = (work: Promise<unknown>) => work.catch((error: unknown) => String(error));

describe('predictions in batches', () => {
  test('each caller hears what the model would have told it alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'bb'), fc.array(fc.tuple(fc.integer({ min: -2, max: 50 })), { maxLength: 40 })), {
          maxLength: 12,
        }),
        async (asked) => {
          const batched = batchPredictions(createModel());
          const together = await Promise.all(asked.map(([model, rows]) => outcome(batched.predict(model, rows))));
          const alone = await Promise.all(asked.map(([model, rows]) => outcome(createModel().predict(model, rows))));
          expect(together).toEqual(alone);
        },
      ),
    );
  });

  test('what is asked in one turn goes to the model in one call, up to 64 rows', async () => {
    const calls: Rows[] = [];
    const batched = batchPredictions(createModel(calls));
    await Promise.all(Array.from({ length: 100 }, (_, row) => batched.predict('a', [[row]])));
    expect(calls.map(({ length }) => length)).toEqual([64, 36]);
  });

  test('models are not mixed', async () => {
    const calls: Rows[] = [];
    const batched = batchPredictions(createModel(calls));
    const [one, other] = await Promise.all([batched.predict('a', [[1]]), batched.predict('bb', [[1]])]);
    expect([one![0]!.probabilities, other![0]!.probabilities]).toEqual([[1], [2]]);
    expect(calls).toHaveLength(2);
  });
});
