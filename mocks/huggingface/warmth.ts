/** Whether a model is in memory, by when it was last asked. */
export interface Warmth {
  /**
   * Says that a request is there. A model that has been idle for long starts to load with it.
   * @returns milliseconds until the model is ready; 0 when it is
   */
  touch(): number;
}

/**
 * Inference Endpoints that scale to zero go idle "after a given duration (1 hour by default) of inactivity". Source:
 * huggingface.co/docs/inference-endpoints/guides/autoscaling, in a copy that was searched in November 2026. The router's models are taken to do the same.
 */
const IDLE_MS = 60 * 60 * 1000;
/** What the Inference API estimates for a small model: `"estimated_time": 20.0`. */
const LOADING_MS = 20_000;

/** A model that is ready, until it has been idle. */
export const createWarmth = (): Warmth => {
  let askedAtMs = Date.now();
  let readyAtMs = askedAtMs;
  return {
    touch() {
      const nowMs = Date.now();
      if (nowMs - askedAtMs >= IDLE_MS) readyAtMs = nowMs + LOADING_MS;
      askedAtMs = nowMs;
      return Math.max(0, readyAtMs - nowMs);
    },
  };
};

/** Waits for a model that loads. */
export const waitFor = (durationMs: number): Promise<void> =>
  durationMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, durationMs));
