import { createPredictionCache, type PredictionCacheOptions } from '../prediction-cache.ts';
import type { Rung } from './rung.ts';

/**
 * Answers with what a provider once predicted for exactly the same input, while no provider answers (stale-if-error, RFC 5861).
 * @param maxAgeMs what is older is no answer any more
 */
export const createCachedPrediction = ({
  maxAgeMs,
  ...options
}: PredictionCacheOptions & { readonly maxAgeMs: number }): Rung => {
  const cache = createPredictionCache(options);
  return {
    answer: async (rows, tenant) => cache.find(rows, tenant, maxAgeMs),
    learn: cache.learn,
  };
};
