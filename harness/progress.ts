import type { RequestRecord } from './load/sample.ts';

/** Numbers of the last second, for a progress line. */
export interface Progress {
  readonly scenario: string;
  readonly design: string;
  /** Milliseconds into the measured timeline; negative in warm-up. */
  readonly elapsedMs: number;
  readonly durationMs: number;
  /** When faults are active, to mark them on the timeline; absent marks none. */
  readonly faults?: readonly { readonly atMs: number; readonly forMs: number }[];
  readonly phase: string;
  /** Share 0..1 over the last second; null without answers. */
  readonly availability: number | null;
  /** Milliseconds, over the last second; null without answers. */
  readonly p99Ms: number | null;
}

const WINDOW_MS = 1000;

/** Keeps the records of the last second. */
export const createRollingWindow = () => {
  let recent: RequestRecord[] = [];
  return {
    /** Adds records and gives the share answered and the 99th percentile (nearest rank) of those that ended in the second before `nowMs`. */
    add(records: readonly RequestRecord[], nowMs: number): Pick<Progress, 'availability' | 'p99Ms'> {
      recent = [...recent, ...records].filter((record) => record.endMs > nowMs - WINDOW_MS);
      if (recent.length === 0) return { availability: null, p99Ms: null };
      const latenciesMs = recent.map((record) => record.endMs - record.dueMs).sort((a, b) => a - b);
      return {
        availability: recent.filter((record) => record.outcome === 'ok').length / recent.length,
        p99Ms: latenciesMs[Math.ceil(latenciesMs.length * 0.99) - 1] ?? null,
      };
    },
  };
};
