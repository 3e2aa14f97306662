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
}

/** The input does not fit the model: the caller's mistake, 4xx in every provider's shape. */
export class ModelInputError extends Error {
  override readonly name = 'ModelInputError';
}
