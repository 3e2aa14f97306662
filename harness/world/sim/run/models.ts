import type { ModelRuntime, Prediction } from '../../../../mocks/models/runtime.ts';
import { createSimModelFiles } from './model-files.ts';

/** The models of a simulating thread. */
export interface SimModels extends ModelRuntime {
  /** Forgets what the last run has asked beyond the samples, so that no run can tell whether another was before it. */
  reset(): void;
  /** What a model predicts for an input that was prepared. */
  known(model: string, row: readonly number[]): Prediction | undefined;
}

type Row = readonly number[];

interface Entry {
  readonly row: Row;
  readonly prediction: Prediction;
}

/** FNV-1a over the values; they are compared in full after it. */
const hashOf = (row: Row): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < row.length; index += 1) hash = Math.imul(hash ^ (row[index]! * 16), 0x01000193);
  return hash;
};

const isSame = (a: Row, b: Row): boolean => {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
};

const createMemory = () => {
  const buckets = new Map<number, Entry[]>();
  return {
    get: (row: Row) => buckets.get(hashOf(row))?.find((entry) => isSame(entry.row, row))?.prediction,
    set(row: Row, prediction: Prediction) {
      const hash = hashOf(row);
      const bucket = buckets.get(hash) ?? [];
      bucket.push({ row: [...row], prediction });
      buckets.set(hash, bucket);
    },
    clear: () => buckets.clear(),
  };
};

/**
 * Real models behind a memory: 110 us a prediction, of which a run makes ten thousand about a few hundred inputs. ONNX Runtime in WebAssembly
 * computes on the calling thread, and its promises settle in the microtask queue: what was not prepared is computed between two events.
 * @param rows inputs to prepare each of the models for
 * @param hold keeps time still until work of the real world is done
 */
export const createSimModels = async (
  runtime: ModelRuntime,
  models: readonly string[],
  rows: readonly Row[],
  hold: <Result>(work: Promise<Result>) => Promise<Result>,
): Promise<SimModels> => {
  const prepared = new Map(models.map((model) => [model, createMemory()]));
  const asked = new Map(models.map((model) => [model, createMemory()]));
  for (const [model, memory] of prepared) {
    // One by one, as they are asked for: a batch may round differently.
    for (const row of rows) memory.set(row, (await runtime.predict(model, [row]))[0]!);
  }
  const find = (model: string, row: Row) => prepared.get(model)?.get(row) ?? asked.get(model)?.get(row);

  return {
    ...(runtime.files ? { files: createSimModelFiles(runtime.files, hold) } : {}),
    async predict(model, inputs) {
      const found = Array.isArray(inputs) ? inputs.map((row) => find(model, row)) : [];
      if (found.length > 0 && found.every((prediction) => prediction !== undefined)) return found;
      const predictions = await runtime.predict(model, inputs);
      inputs.forEach((row, index) => {
        if (!found[index]) asked.get(model)?.set(row, predictions[index]!);
      });
      return predictions;
    },
    reset() {
      for (const memory of asked.values()) memory.clear();
    },
    known: (model, row) => prepared.get(model)?.get(row),
  };
};
