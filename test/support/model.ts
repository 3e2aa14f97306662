import { ModelInputError, type ModelRuntime } from '../../mocks/models/runtime.ts';

const FEATURES = 64;
const CLASSES = 10;

const classify = (row: readonly number[], index: number) => {
  if (row.length !== FEATURES) throw new ModelInputError(`row ${index} has ${row.length} values, the model takes ${FEATURES}`);
  if (!row.every(Number.isFinite)) throw new ModelInputError(`row ${index} has a value that is not a finite number`);
  const label = Math.abs(Math.round(row.reduce((sum, value) => sum + value, 0))) % CLASSES;
  return { label, probabilities: Array.from({ length: CLASSES }, (_, at) => (at === label ? 0.91 : 0.01)) };
};

/**
 * A test double for the model runtime: the label is the rounded sum of a row's 64 values, modulo 10.
 * It validates as the real one does (harness/world/live/onnx-runtime.ts) and knows every model name.
 */
export const stubModels: ModelRuntime = {
  async predict(_model, inputs) {
    return inputs.map(classify);
  },
};

/** A row of 64 pixels that `stubModels` labels so. @param label 0..9 */
export const rowLabelled = (label: number): readonly number[] =>
  Array.from({ length: FEATURES }, (_, at) => (at < label ? 1 : 0));
