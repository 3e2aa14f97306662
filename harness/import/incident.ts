/** What callers of one region saw in one interval of an incident. Null where the recording does not say. */
export interface IncidentPoint {
  /** Start of the interval, milliseconds: since 1970, or since the recording's own 0. */
  readonly atMs: number;
  /** Calls in the interval. */
  readonly requests: number | null;
  /** Share of the calls that failed in any way, 0..1; the three shares below are parts of it. */
  readonly errorRate: number | null;
  /** Answered with 429, or the like of it. */
  readonly throttledShare: number | null;
  /** Not answered in the caller's time. */
  readonly timeoutShare: number | null;
  /** The connection failed: refused, reset, no name. */
  readonly connectionShare: number | null;
  /** How long calls took, failed ones too, milliseconds. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** In the recording's own unit. */
  readonly price: number | null;
  /** The status that most failed calls were answered with; null where unknown. */
  readonly status: number | null;
}

/** Measures of a point that have a level. */
export type PointMeasure = Exclude<keyof IncidentPoint, 'atMs' | 'requests' | 'status'>;

/** A point of which nothing is known. */
export const emptyPoint = (atMs: number): IncidentPoint => ({
  atMs,
  requests: null,
  errorRate: null,
  throttledShare: null,
  timeoutShare: null,
  connectionShare: null,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  price: null,
  status: null,
});

/** The points of one region, in order of time, no two of one moment. */
export interface IncidentSeries {
  /** As the recording names it: `us-east-1`, `aws/us-east-1`, a host. */
  readonly key: string;
  readonly points: readonly IncidentPoint[];
}

/** Something that the scenario does not have. */
export interface Unimported {
  readonly what: string;
  /** In the file: a line, a column's name, a path. */
  readonly where: string;
  readonly why: string;
}

/** What a recording holds. */
export interface Incident {
  readonly type: 'incident';
  readonly series: readonly IncidentSeries[];
  readonly unimported: readonly Unimported[];
}

/** A fault with where it comes from, on the recording's or the scenario's timeline. */
export interface FaultDraft {
  readonly kind: string;
  /** `aws/us-east-1`; of an experiment that is not mapped yet, the name of its proxy. */
  readonly target: string;
  readonly atMs: number;
  readonly forMs: number;
  readonly probability?: number;
  /** As scenario files write them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where it comes from, in a sentence or two. */
  readonly because: string;
}

/** What an experiment does, one thing after the other. */
export interface Experiment {
  readonly type: 'experiment';
  readonly title: string;
  readonly description: string;
  /** From the first activity to the last pause, milliseconds. */
  readonly lengthMs: number;
  /** Targets are names of proxies. */
  readonly faults: readonly FaultDraft[];
  /** Names of proxies with hosts behind them, where that is known. */
  readonly proxies: Readonly<Record<string, string | null>>;
  /** Bounds of the hypothesis, as scenario files write them; with where each comes from. */
  readonly steadyState: readonly ExpectedBound[];
  readonly unimported: readonly Unimported[];
}

/** A bound on a metric, as a scenario file has it. */
export interface ExpectedBound {
  readonly metric: string;
  readonly bound: Readonly<Record<string, unknown>>;
  readonly because: string;
}

/** What a format's reader gives. */
export type Imported = Incident | Experiment;
