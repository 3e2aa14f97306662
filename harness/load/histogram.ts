import { build } from 'hdr-histogram-js';

/** Counts latencies in buckets of 3 significant digits. */
export interface LatencyHistogram {
  /** @param ms milliseconds, at least 0; kept to the microsecond */
  record(ms: number): void;
  /**
   * The latency that `percent` of the recorded ones are at or below, milliseconds; 0 when there are none.
   * @param percent 0..100
   */
  percentile(percent: number): number;
  /** The largest recorded, milliseconds; 0 when there are none. */
  readonly max: number;
  readonly count: number;
}

const US_PER_MS = 1000;
/** Latencies up to this are counted without growing, microseconds: a minute. */
const INITIAL_RANGE_US = 60_000_000;

/** Records in whole microseconds, since HDR histograms hold integers. */
export const createLatencyHistogram = (): LatencyHistogram => {
  const histogram = build({ highestTrackableValue: INITIAL_RANGE_US, numberOfSignificantValueDigits: 3, autoResize: true });
  return {
    record(ms) {
      histogram.recordValue(Math.round(ms * US_PER_MS));
    },
    // A bucket's upper edge may lie above the largest value in it.
    percentile: (percent) =>
      histogram.totalCount === 0 ? 0 : Math.min(histogram.getValueAtPercentile(percent), histogram.maxValue) / US_PER_MS,
    get max() {
      return histogram.totalCount === 0 ? 0 : histogram.maxValue / US_PER_MS;
    },
    get count() {
      return histogram.totalCount;
    },
  };
};
