/** One classification. */
export interface Prediction {
  readonly label: number;
  /** Probability of each class, index is the label; sums to 1. */
  readonly probabilities: readonly number[];
}

/**
 * Runs models. The web platform has no standard for it, so each world brings an implementation:
 * live runs ONNX in WebAssembly. A model is named; see mocks/models/ for those that ship.
 */
export interface ModelRuntime {
  /**
   * @param model name of a loaded model, e.g. `digits` or `digits-small`
   * @param inputs one row of features a prediction; for digits 64 pixel intensities in 0..16
   * @throws {ModelInputError} when a row has the wrong length or a value that is not a finite number
   */
  predict(model: string, inputs: readonly (readonly number[])[]): Promise<readonly Prediction[]>;
  /** Models as files, for whoever keeps them or gets them from elsewhere; absent where only those that ship can be run. */
  readonly files?: ModelFiles;
}

/** Models as the bytes of their files. */
export interface ModelFiles {
  /** The file of a loaded model. @throws {TypeError} for any other */
  read(model: string): Uint8Array;
  /** Makes a model of a file's bytes. Rejects when they are no such model. */
  load(bytes: Uint8Array): Promise<LoadedModel>;
}

/** A model that was made of a file. */
export interface LoadedModel {
  /** @see ModelRuntime.predict */
  predict(inputs: readonly (readonly number[])[]): Promise<readonly Prediction[]>;
  /** Gives back what it holds; it is not asked any more. */
  release(): Promise<void>;
}

/** The input does not fit the model: the caller's mistake, 4xx in every provider's shape. */
export class ModelInputError extends Error {
  override readonly name = 'ModelInputError';
}
