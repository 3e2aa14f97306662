import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import type { Rung } from './rung.ts';

/** Smaller than what the providers serve, and less accurate; it runs where the gateway runs. */
const FALLBACK_MODEL = 'digits-small';

/** Predicts with a small local model. */
export const createFallbackModel = (models: ModelRuntime): Rung => ({
  answer: (rows) => models.predict(FALLBACK_MODEL, rows),
});
