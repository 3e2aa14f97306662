import type { ModelRuntime, Prediction } from '../../../mocks/models/runtime.ts';

type Rows = readonly (readonly number[])[];

interface Waiting {
  readonly inputs: Rows;
  resolve(predictions: readonly Prediction[]): void;
  reject(error: unknown): void;
}

/** Most rows that one call of the model has, unless one caller asks for more. */
const BATCH_ROWS = 64;

/**
 * Predicts together what is asked for in one turn of the event loop, as inference servers batch: most of a small model's time goes by
 * the call, not by the row. Callers hear what they would alone.
 */
export const batchPredictions = (runtime: ModelRuntime): ModelRuntime => {
  const waiting = new Map<string, Waiting[]>();

  const alone = (model: string, { inputs, resolve, reject }: Waiting) =>
    void runtime.predict(model, inputs).then(resolve, reject);

  const together = async (model: string, batch: readonly Waiting[]): Promise<void> => {
    if (batch.length === 1) return alone(model, batch[0]!);
    let predictions: readonly Prediction[];
    try {
      predictions = await runtime.predict(
        model,
        batch.flatMap(({ inputs }) => inputs),
      );
    } catch {
      // One caller's row is no reason to refuse the others'.
      for (const one of batch) alone(model, one);
      return;
    }
    let from = 0;
    for (const { inputs, resolve } of batch) {
      resolve(predictions.slice(from, from + inputs.length));
      from += inputs.length;
    }
  };

  const flush = (model: string) => {
    const all = waiting.get(model)!;
    waiting.delete(model);
    let batch: Waiting[] = [];
    let rows = 0;
    for (const one of all) {
      if (batch.length > 0 && rows + one.inputs.length > BATCH_ROWS) {
        void together(model, batch);
        batch = [];
        rows = 0;
      }
      batch.push(one);
      rows += one.inputs.length;
    }
    void together(model, batch);
  };

  return {
    predict: (model, inputs) =>
      new Promise((resolve, reject) => {
        const one = { inputs, resolve, reject };
        const queue = waiting.get(model);
        if (queue) queue.push(one);
        else {
          waiting.set(model, [one]);
          setImmediate(flush, model);
        }
      }),
  };
};
