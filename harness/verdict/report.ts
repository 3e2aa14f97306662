import type { RequestGroup } from '../scenario/scenario.ts';
import type { RunEnd } from '../world/world.ts';
import type { CostReport } from './cost-report.ts';
import type { CurveReport } from './curves.ts';
import type { GroupReport } from './groups.ts';
import type { MetricName } from './metrics.ts';
import type { PhaseKind, TimeWindow } from './phases.ts';
import type { ResidencyFacts } from './residency.ts';
import type { Objective } from './restoration.ts';

/** The end of a run, as data: all that a reporter needs. Contains no secrets. */
export interface RunReport {
  readonly schemaVersion: 1;
  readonly scenario: string;
  readonly title: string;
  readonly design: string;
  /** What was tested in place of the reference stack; absent: that stack, in the design. */
  readonly sut?: string;
  readonly world: 'live' | 'sim';
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  /** How the run ended; before `durationMs` unless it was completed. */
  readonly end: RunEnd;
  readonly verdict: Verdict;
  readonly phases: readonly PhaseReport[];
  /** The whole measured timeline, as if it were one phase. */
  readonly overall: PhaseReport;
  /** Steady state first, then the scenario's expectations, in its order. */
  readonly expectations: readonly ExpectationResult[];
  readonly faults: readonly {
    readonly name: string;
    readonly kind: string;
    readonly targets: readonly string[];
    readonly atMs: number;
    readonly forMs: number;
  }[];
  /** Where data has been that has to stay somewhere; absent where there is none. */
  readonly residency?: ResidencyFacts;
  /** Recorded curves with those of this run beside them; absent where the scenario has none. */
  readonly curves?: readonly CurveReport[];
  /** What happened when, in words: fault started, gateway exited, ... */
  readonly events: readonly { readonly atMs: number; readonly text: string }[];
  /** What the system under test printed; absent where it printed nothing, or nobody listened. */
  readonly output?: OutputReport;
  /** How the numbers were had: load model, percentile method, what latency counts from. */
  readonly method: string;
  /** What was run, by check sums; absent where a run was judged by itself (`explore`, `compare`). */
  readonly provenance?: Provenance;
}

/** What a report is of. Check sums are SHA-256, in hexadecimal digits. */
export interface Provenance {
  /** Version of squall. */
  readonly squall: string;
  readonly scenario: {
    /** Of the whole scenario, defaults filled in and files read, as canonical JSON. */
    readonly sha256: string;
    /** The file that it was read from, without its folder; absent for a scenario that was given as a value. */
    readonly file?: { readonly name: string; readonly sha256: string };
  };
  /** Of the design's settings, as canonical JSON. */
  readonly design: { readonly sha256: string };
}

export interface OutputReport {
  /** Where all of it is. */
  readonly file: string | null;
  readonly lineCount: number;
  /** Around failures, phase by phase. */
  readonly excerpts: readonly OutputExcerpt[];
}

export interface OutputExcerpt {
  readonly phase: string;
  /** Of the failure, milliseconds into the timeline. */
  readonly atMs: number;
  /** The failure, e.g. `the first http-error (502)`. */
  readonly what: string;
  readonly lines: readonly { readonly atMs: number; readonly stream: 'out' | 'err'; readonly text: string }[];
}

export type Verdict =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly reasons: readonly string[] }
  | { readonly outcome: 'invalid'; readonly reasons: readonly string[] };

/**
 * Measurements of one phase. Latencies are milliseconds from the due time to the end, over all requests: a failed or timed-out one
 * counts until it was given up. Numbers are given however few samples there are; `samples` tells, beside `minSamples` of the metric.
 */
export interface PhaseReport {
  readonly name: string;
  readonly kind: PhaseKind;
  /** Stretches of the timeline that belong to it. */
  readonly windows: readonly TimeWindow[];
  /** How much of them was measured, milliseconds: less than their length when the run ended early. */
  readonly measuredMs: number;
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
  /** The same by kind and by payee; absent when the providers' meters were not read. */
  readonly cost?: CostReport;
  /** Fault phases only. `null`: never within the phase. */
  readonly failoverTimeMs?: number | null;
  /** Fault phases only: from the end of the fault. `null`: never. */
  readonly recoveryTimeMs?: number | null;
  /** What failover and recovery time were measured against, where one of them is given. */
  readonly objectives?: { readonly failoverTime: Objective; readonly recoveryTime: Objective };
  /** Share of requests that were refused so that others are served; null when there were none. */
  readonly shedShare: number | null;
  /** The same of each tenant's requests, and of each priority's; absent where the load has no tenants. */
  readonly groups?: readonly GroupReport[];
  /** Successful answers by link or local rung. */
  readonly servedBy: Readonly<Record<string, number>>;
  /** How many requests, answers or meter readings stand behind each metric. */
  readonly samples: Readonly<Record<MetricName, number>>;
}

export interface ExpectationResult {
  readonly phase: string;
  /** Whose requests were measured; all when absent. */
  readonly group?: RequestGroup;
  readonly metric: MetricName;
  readonly isSteadyState: boolean;
  /** In the metric's own unit. */
  readonly min?: number;
  readonly max?: number;
  /** Of failover and recovery time. */
  readonly objective?: Objective;
  /** Null when unmeasurable, and for a time that was never reached. */
  readonly actual: number | null;
  /** Samples behind `actual`. */
  readonly samples: number;
  readonly outcome: 'met' | 'broken' | 'unmeasurable';
  /** One sentence: what was expected, what was seen, why unmeasurable. */
  readonly text: string;
}
