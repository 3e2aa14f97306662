import type { Prediction } from '../../../mocks/models/runtime.ts';
import { LinkError } from '../errors.ts';

const isPrediction = (value: unknown): value is Prediction => {
  const { label, probabilities } = (value ?? {}) as Partial<Prediction>;
  return Number.isInteger(label) && Array.isArray(probabilities) && probabilities.every((p) => Number.isFinite(p));
};

/**
 * Checks that a provider's answer holds the predictions that were asked for: an answer that does not is a failure of the link.
 * @throws {LinkError} `unavailable`
 */
export const readPredictions = (who: string, value: unknown, rows: number): readonly Prediction[] => {
  if (!Array.isArray(value) || value.length !== rows || !value.every(isPrediction)) {
    throw new LinkError('unavailable', `${who} answered 200 without ${rows} predictions.`);
  }
  return value.map(({ label, probabilities }) => ({ label, probabilities }));
};
