/** A request quota: a bucket of tokens that fills at a rate. */
export interface TokenBucket {
  /** Takes a token if there is one. */
  tryTake(): boolean;
}

/**
 * @param ratePerS tokens a second, above 0
 * @param capacity tokens that the bucket holds, and has at first; by itself one second's worth, at least one
 */
export const createTokenBucket = (ratePerS: number, capacity = Math.max(1, ratePerS)): TokenBucket => {
  let tokens = capacity;
  let filledAtMs = performance.now();
  return {
    tryTake() {
      const nowMs = performance.now();
      tokens = Math.min(capacity, tokens + ((nowMs - filledAtMs) / 1000) * ratePerS);
      filledAtMs = nowMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
};
