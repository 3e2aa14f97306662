import { medianOf } from '../agreement/figures.ts';

/** One measurement of one contender. */
export interface Sample {
  readonly requestsPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Medians over the rounds, and what is more than without a gateway. */
export interface Figures extends Sample {
  /** Median over the rounds of the difference within a round; 0 for the base itself. */
  readonly addedP50Ms: number;
  readonly addedP99Ms: number;
}

/** Nearest rank. @param sorted ascending, not empty */
const rank = (sorted: Float64Array, share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;

/** @param latenciesMs at least one */
export const sampleOf = (latenciesMs: readonly number[], seconds: number): Sample => {
  const sorted = Float64Array.from(latenciesMs).sort();
  return { requestsPerS: sorted.length / seconds, p50Ms: rank(sorted, 0.5), p99Ms: rank(sorted, 0.99) };
};

/**
 * A contender's figures beside the base's of the same rounds: a round that the machine was slow in was slow for both.
 * @param own one sample a round
 * @param base as many
 */
export const figuresOf = (own: readonly Sample[], base: readonly Sample[]): Figures => {
  const median = (of: (sample: Sample, round: number) => number) => medianOf(own.map(of));
  return {
    requestsPerS: median(({ requestsPerS }) => requestsPerS),
    p50Ms: median(({ p50Ms }) => p50Ms),
    p99Ms: median(({ p99Ms }) => p99Ms),
    addedP50Ms: median(({ p50Ms }, round) => p50Ms - base[round]!.p50Ms),
    addedP99Ms: median(({ p99Ms }, round) => p99Ms - base[round]!.p99Ms),
  };
};
