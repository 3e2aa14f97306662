import type { Figures, Sample } from './figures.ts';

/** How far sim may be from live. Shares of the live figure, except availability. */
export const BOUNDS = {
  /** Share points. */
  availability: 0.01,
  p50Share: 0.15,
  failoverShare: 0.2,
  /**
   * Below this difference failover times agree whatever the share: they are read off the requests' due times, so that one request more or less that
   * the fault catches moves them by the pause between two. Three such pauses at the shipped scenarios' 60 requests/s, milliseconds.
   */
  failoverFloorMs: 50,
} as const;

/** Of how many live runs at least one half must be valid for their medians to count. */
const MIN_VALID_SHARE = 0.5;

export type Agreement =
  | { readonly type: 'agrees' }
  /** One text for each figure that is out of its bound. */
  | { readonly type: 'disagrees'; readonly about: readonly string[] }
  /** The live runs tell nothing: no agreement. */
  | { readonly type: 'not-judged'; readonly why: string };

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const ms = (value: number) => `${value.toFixed(1)} ms`;

const availabilityProblem = (live: Figures, sim: Figures): string | undefined => {
  const difference = Math.abs(live.availability - sim.availability);
  // Shares are quotients of counts: what is one point but for rounding is one point.
  if (difference <= BOUNDS.availability + Number.EPSILON) return undefined;
  return `availability: ${percent(live.availability)} live, ${percent(sim.availability)} sim`;
};

const p50Problem = (live: Figures, sim: Figures): string | undefined => {
  if (Math.abs(live.p50Ms - sim.p50Ms) <= live.p50Ms * BOUNDS.p50Share) return undefined;
  return `p50: ${ms(live.p50Ms)} live, ${ms(sim.p50Ms)} sim`;
};

const describeFailover = ({ failoverMs }: Figures): string => {
  if (failoverMs === undefined) return 'not measurable';
  return failoverMs === null ? 'never' : ms(failoverMs);
};

const failoverProblem = (live: Figures, sim: Figures): string | undefined => {
  const [a, b] = [live.failoverMs, sim.failoverMs];
  const isWithin =
    typeof a === 'number' && typeof b === 'number'
      ? Math.abs(a - b) <= Math.max(a * BOUNDS.failoverShare, BOUNDS.failoverFloorMs)
      : a === b;
  return isWithin ? undefined : `failover: ${describeFailover(live)} live, ${describeFailover(sim)} sim`;
};

const verdictProblem = (live: Figures, sim: Figures): string | undefined => {
  if (live.outcome === sim.outcome && live.outcome !== 'mixed') return undefined;
  return `verdict: ${live.outcome} live, ${sim.outcome} sim`;
};

const CHECKS = [verdictProblem, availabilityProblem, p50Problem, failoverProblem];

/** Whether the simulated world tells the same as the live one. An invalid live run is never counted as agreement. */
export const compare = (live: Sample, sim: Sample): Agreement => {
  const valid = live.runs - live.invalid.length;
  if (!live.figures || valid < live.runs * MIN_VALID_SHARE) {
    return { type: 'not-judged', why: `${live.invalid.length} of ${live.runs} live runs are invalid: ${live.invalid[0] ?? ''}` };
  }
  // Sim does not depend on the machine: an invalid run there is the model's.
  if (!sim.figures || sim.invalid.length > 0) return { type: 'disagrees', about: [`sim is invalid: ${sim.invalid[0] ?? ''}`] };
  const { figures: liveFigures } = live;
  const { figures: simFigures } = sim;
  const about = CHECKS.flatMap((check) => check(liveFigures, simFigures) ?? []);
  return about.length === 0 ? { type: 'agrees' } : { type: 'disagrees', about };
};
