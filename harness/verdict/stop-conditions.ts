import { createLatencyHistogram } from '../load/histogram.ts';
import type { RequestRecord } from '../load/sample.ts';
import type { LoadPlan } from '../scenario/scenario.ts';
import { formatValue } from './format.ts';

/** What a stop condition looks at. */
export type StopMetric = 'availability' | 'goodput' | 'p50' | 'p95' | 'p99';

/** Ends a run when a bound has been broken for so long. */
export interface StopCondition {
  readonly metric: StopMetric;
  /** In the metric's own unit: a share 0..1, requests a second, milliseconds. Exactly one of the two. */
  readonly min?: number;
  readonly max?: number;
  /** Looked at over the last so many milliseconds. */
  readonly forMs: number;
}

/** Watches a run's requests as they end. */
export interface StopWatch {
  /**
   * @param records that have ended, in the order in which they did
   * @param nowMs into the timeline; nothing is watched before it begins
   * @returns which condition holds, one sentence; undefined while none does
   */
  add(records: readonly RequestRecord[], nowMs: number): string | undefined;
}

/** Of fewer requests nothing is concluded. */
const MIN_REQUESTS = 10;
/** Conditions are looked at so often at most, milliseconds of the timeline. */
const EVERY_MS = 100;

const PERCENTILES = { p50: 50, p95: 95, p99: 99 } as const;
const UNITS = { availability: 'share', goodput: 'per-second', p50: 'ms', p95: 'ms', p99: 'ms' } as const;

const isAvailable = ({ outcome, dueMs, endMs }: RequestRecord, { timeoutMs }: LoadPlan): boolean =>
  outcome === 'ok' && endMs - dueMs <= timeoutMs;

const measure = (metric: StopMetric, records: readonly RequestRecord[], forMs: number, load: LoadPlan): number => {
  if (metric === 'availability') return records.filter((record) => isAvailable(record, load)).length / records.length;
  if (metric === 'goodput') {
    return (
      records.filter(({ outcome, dueMs, endMs }) => outcome === 'ok' && endMs - dueMs <= load.goodWithinMs).length /
      (forMs / 1000)
    );
  }
  const latency = createLatencyHistogram();
  for (const { dueMs, endMs } of records) latency.record(endMs - dueMs);
  return latency.percentile(PERCENTILES[metric]);
};

export const createStopWatch = (conditions: readonly StopCondition[], load: LoadPlan): StopWatch => {
  const longestMs = Math.max(0, ...conditions.map(({ forMs }) => forMs));
  let recent: RequestRecord[] = [];
  let lookedAtMs = Number.NEGATIVE_INFINITY;

  const broken = ({ metric, min, max, forMs }: StopCondition, nowMs: number): string | undefined => {
    // A window that reaches back before the timeline holds warm-up.
    if (nowMs < forMs) return undefined;
    const within = recent.filter(({ endMs }) => endMs > nowMs - forMs);
    if (within.length < MIN_REQUESTS) return undefined;
    const value = measure(metric, within, forMs, load);
    if ((min === undefined || value >= min) && (max === undefined || value <= max)) return undefined;
    const bound = min === undefined ? `above ${formatValue(UNITS[metric], max!)}` : `below ${formatValue(UNITS[metric], min)}`;
    return `abortWhen: ${metric} was ${formatValue(UNITS[metric], value)} over ${formatValue('ms', forMs)}, ${bound}`;
  };

  return {
    add(records, nowMs) {
      recent.push(...records);
      if (nowMs < lookedAtMs + EVERY_MS) return undefined;
      lookedAtMs = nowMs;
      recent = recent.filter(({ endMs }) => endMs > nowMs - longestMs);
      for (const condition of conditions) {
        const found = broken(condition, nowMs);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
};
