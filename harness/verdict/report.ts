import type { MetricName } from './metrics.ts';

/** The end of a run, as data: all that a reporter needs. Contains no secrets. */
export interface RunReport {
  readonly schemaVersion: 1;
  readonly scenario: string;
  readonly title: string;
  readonly design: string;
  readonly world: 'live' | 'sim';
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly phases: readonly PhaseReport[];
  /** Steady state first, then the scenario's expectations, in its order. */
  readonly expectations: readonly ExpectationResult[];
  readonly faults: readonly {
    readonly name: string;
    readonly kind: string;
    readonly targets: readonly string[];
    readonly atMs: number;
    readonly forMs: number;
  }[];
  /** What happened when, in words: fault started, gateway exited, ... */
  readonly events: readonly { readonly atMs: number; readonly text: string }[];
  /** How the numbers were had: load model, percentile method, what latency counts from. */
  readonly method: string;
}

export type Verdict =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly reasons: readonly string[] }
  | { readonly outcome: 'invalid'; readonly reasons: readonly string[] };

/** Measurements of one phase. Latencies are milliseconds from the due time, over answered requests. */
export interface PhaseReport {
  readonly name: string;
  readonly kind: 'baseline' | 'fault' | 'recovery';
  /** Stretches of the timeline that belong to it. */
  readonly windows: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly requests: number;
  readonly succeeded: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Share 0..1; null when there were no requests. */
  readonly availability: number | null;
  readonly goodputPerS: number | null;
  readonly latencyMs: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly p999: number;
    readonly max: number;
  } | null;
  readonly degradedShare: number | null;
  readonly accuracy: number | null;
  readonly costUsdPer1k: number | null;
  readonly costUsd: number;
  /** Fault phases only. `null`: never within the phase. */
  readonly failoverTimeMs?: number | null;
  /** Fault phases only: from the end of the fault. `null`: never. */
  readonly recoveryTimeMs?: number | null;
  /** Answers by link or local rung. */
  readonly servedBy: Readonly<Record<string, number>>;
}

export interface ExpectationResult {
  readonly phase: string;
  readonly metric: MetricName;
  readonly isSteadyState: boolean;
  /** In the metric's own unit. */
  readonly min?: number;
  readonly max?: number;
  readonly actual: number | null;
  /** Samples behind `actual`. */
  readonly samples: number;
  readonly outcome: 'met' | 'broken' | 'unmeasurable';
  /** One sentence: what was expected, what was seen, why unmeasurable. */
  readonly text: string;
}
