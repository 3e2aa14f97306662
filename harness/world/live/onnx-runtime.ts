import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { type LoadedModel, ModelInputError, type ModelRuntime, type Prediction } from '../../../mocks/models/runtime.ts';
import { SquallError } from '../../errors.ts';
import { packageRoot } from '../../package-root.ts';

/** Names that a model file's graph gives its input `[n, features]` and output `[n, classes]`: scripts/train-digits/train.py. */
const INPUT = 'pixels';
const OUTPUT = 'probabilities';

/** ONNX Runtime's own log: errors only. They come as exceptions too; its warnings would stand in the middle of a report. */
const LOG_ERRORS_ONLY = 3;

type Rows = readonly (readonly number[])[];

/**
 * ONNX models in WebAssembly, on the calling thread.
 * @param models names of files in mocks/models/, e.g. `digits` for `digits.onnx`
 * @throws {SquallError} `NOT_FOUND` when there is no such file, or it is not a model of this kind
 */
export const createOnnxRuntime = async (models: readonly string[]): Promise<ModelRuntime> => {
  // One thread, no proxy: a prediction takes microseconds, and a worker would outlive the run.
  env.wasm.numThreads = 1;
  env.wasm.proxy = false;
  const shipped = new Map<string, { readonly bytes: Uint8Array; readonly model: LoadedModel }>();
  // One after another: ONNX Runtime must finish its start-up before a second session asks for it.
  for (const model of models) {
    const { path, bytes } = await readModelFile(model);
    shipped.set(model, { bytes, model: await loadModel(bytes, path) });
  }
  const find = (model: string) => {
    const found = shipped.get(model);
    if (!found) throw new TypeError(`model ${model} is not loaded; loaded: ${models.join(', ')}`);
    return found;
  };

  return {
    predict: async (model, inputs) => find(model).model.predict(inputs),
    files: {
      read: (model) => find(model).bytes,
      load: (bytes) => loadModel(bytes, 'The file'),
    },
  };
};

/** @param what the file, as a sentence begins with it */
const loadModel = async (bytes: Uint8Array, what: string): Promise<LoadedModel> => {
  const session = await openSession(bytes, what);
  const features = featuresOf(session, what);
  // A session takes one call at a time: each call waits for the one before it, however that ended.
  let turn: Promise<unknown> = Promise.resolve();

  return {
    async predict(rows) {
      if (rows.length === 0) return [];
      const pixels = new Tensor('float32', flatten(rows, features), [rows.length, features]);
      const result = turn.then(() => session.run({ [INPUT]: pixels }));
      turn = result.catch(() => undefined);
      return readPredictions((await result)[OUTPUT] as Tensor);
    },
    async release() {
      await turn;
      await session.release();
    },
  };
};

const readModelFile = async (model: string): Promise<{ readonly path: string; readonly bytes: Uint8Array }> => {
  const path = join(packageRoot, 'mocks', 'models', `${model}.onnx`);
  const bytes = await readFile(path).catch(() => {
    throw new SquallError('NOT_FOUND', `There is no model file ${path}.`, 'Name a model that has a file in mocks/models.');
  });
  return { path, bytes: new Uint8Array(bytes) };
};

const openSession = async (bytes: Uint8Array, what: string): Promise<InferenceSession> => {
  try {
    return await InferenceSession.create(bytes, { executionProviders: ['wasm'], logSeverityLevel: LOG_ERRORS_ONLY });
  } catch (error) {
    throw new SquallError(
      'NOT_FOUND',
      `${what} cannot be loaded as an ONNX model: ${error instanceof Error ? error.message : error}.`,
      'Install squall again, or train the model again with scripts/train-digits.',
    );
  }
};

/** Features that one row must have. */
const featuresOf = (session: InferenceSession, what: string): number => {
  const input = session.inputMetadata.find(({ name }) => name === INPUT);
  const features = input?.isTensor ? input.shape[1] : undefined;
  if (typeof features !== 'number' || !session.outputNames.includes(OUTPUT)) {
    throw new SquallError(
      'NOT_FOUND',
      `${what} does not map ${INPUT} [n, features] to ${OUTPUT} [n, classes].`,
      'Export it as scripts/train-digits does.',
    );
  }
  return features;
};

const flatten = (rows: Rows, features: number): Float32Array => {
  const values = new Float32Array(rows.length * features);
  rows.forEach((row, index) => {
    if (row.length !== features) {
      throw new ModelInputError(`row ${index} has ${row.length} values, the model takes ${features}`);
    }
    // The model computes in 32 bits: a value beyond them is not finite there.
    const bad = row.findIndex((value) => typeof value !== 'number' || !Number.isFinite(Math.fround(value)));
    if (bad !== -1) throw new ModelInputError(`row ${index}, value ${bad} is not a finite number`);
    values.set(row, index * features);
  });
  return values;
};

const readPredictions = (output: Tensor): readonly Prediction[] => {
  const [rows = 0, classes = 0] = output.dims;
  const data = output.data as Float32Array;
  return Array.from({ length: rows }, (_, row) => {
    const probabilities = Array.from(data.subarray(row * classes, (row + 1) * classes));
    const label = probabilities.indexOf(Math.max(...probabilities));
    // Finite inputs can still overflow inside the model, which then answers NaN for every class.
    if (label === -1) throw new ModelInputError(`row ${row} has values too large for the model`);
    return { label, probabilities };
  });
};
