import type { PhaseReport, RunReport } from '../../harness/verdict/report.ts';

/** What two worlds are compared by. `null` in a time: never reached. Absent: not measurable, or not asked for in this scenario. */
export interface Figures {
  readonly outcome: 'passed' | 'failed' | 'invalid' | 'mixed';
  /** Share 0..1. */
  readonly availability: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** From the start of the fault: the longest of several faults'. */
  readonly failoverMs?: number | null;
}

/** Several runs of one plan in one world. */
export interface Sample {
  /** How many runs there were, invalid ones among them. */
  readonly runs: number;
  /** Why runs were invalid, one text a run. Their figures are left out: a machine that was too busy says nothing of either world. */
  readonly invalid: readonly string[];
  /** Medians over the valid runs; absent when there is none. */
  readonly figures?: Figures;
}

/** Longest of the fault phases' failover times; one that was never reached is longer than any. */
const failoverOf = (phases: readonly PhaseReport[]): Pick<Figures, 'failoverMs'> => {
  const times = phases.flatMap(({ failoverTimeMs }) => (failoverTimeMs === undefined ? [] : [failoverTimeMs]));
  if (times.length === 0) return {};
  return { failoverMs: times.includes(null) ? null : Math.max(...times.map((ms) => ms ?? 0)) };
};

/** The figures of one run, over its whole measured timeline. */
export const figuresOf = ({ verdict, overall, phases }: RunReport): Figures => ({
  outcome: verdict.outcome,
  availability: overall.availability ?? 0,
  p50Ms: overall.latencyMs?.p50 ?? 0,
  p99Ms: overall.latencyMs?.p99 ?? 0,
  ...failoverOf(phases),
});

/** Middle value; of an even number the mean of the two in the middle. @param values at least one */
export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
};

/** Median where never is longer than any time; absent unless every run has one. */
const medianFailover = (all: readonly Figures[]): Pick<Figures, 'failoverMs'> => {
  const times = all.flatMap(({ failoverMs }) => (failoverMs === undefined ? [] : [failoverMs ?? Number.POSITIVE_INFINITY]));
  if (times.length < all.length) return {};
  const median = medianOf(times);
  return { failoverMs: Number.isFinite(median) ? median : null };
};

/** Puts the runs of one plan in one world together. Runs of different verdicts are `mixed`. */
export const sampleOf = (reports: readonly RunReport[]): Sample => {
  const invalid = reports.flatMap(({ verdict }) => (verdict.outcome === 'invalid' ? [verdict.reasons.join('; ')] : []));
  const valid = reports.filter(({ verdict }) => verdict.outcome !== 'invalid').map(figuresOf);
  const [first] = valid;
  if (!first) return { runs: reports.length, invalid };
  const median = (pick: (figures: Figures) => number) => medianOf(valid.map(pick));
  return {
    runs: reports.length,
    invalid,
    figures: {
      outcome: valid.every(({ outcome }) => outcome === first.outcome) ? first.outcome : 'mixed',
      availability: median(({ availability }) => availability),
      p50Ms: median(({ p50Ms }) => p50Ms),
      p99Ms: median(({ p99Ms }) => p99Ms),
      ...medianFailover(valid),
    },
  };
};
