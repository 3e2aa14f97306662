/** How long a link takes to answer, as last measured. */
export interface LatencyEstimate {
  /** Milliseconds; undefined when nothing is known, or only what is too old to say anything. */
  readonly ms: number | undefined;
  record(ms: number): void;
}

/** Weight of the newest measurement: the last ten make nine tenths of the estimate. */
const WEIGHT = 0.2;
/** A link that was slow this long ago may be fast again: it is tried like an unknown one. */
const STALE_AFTER_MS = 10_000;

/** Exponentially weighted moving average. */
export const createLatencyEstimate = (): LatencyEstimate => {
  let average: number | undefined;
  let recordedAtMs = 0;
  const current = () => (performance.now() - recordedAtMs > STALE_AFTER_MS ? undefined : average);
  return {
    get ms() {
      return current();
    },
    record(ms) {
      const before = current();
      average = before === undefined ? ms : before + WEIGHT * (ms - before);
      recordedAtMs = performance.now();
    },
  };
};
