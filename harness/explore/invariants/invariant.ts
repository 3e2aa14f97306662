import type { AnyLink } from '../../topology/link.ts';
import type { Observations } from '../../world/sim/observations.ts';
import type { RunPlan, RunRecord } from '../../world/world.ts';
import type { ExploreBounds } from '../bounds.ts';

/** All that is known of a run when it is held to what must always be so. */
export interface Evidence {
  /** Its scenario has the schedule's faults. */
  readonly plan: RunPlan;
  readonly record: RunRecord;
  /** Absent in live, where nobody looks into the wire. */
  readonly observations: Observations | undefined;
  readonly bounds: ExploreBounds;
  /** Links that each fault of the scenario acts on, in the order of the faults. */
  readonly touched: readonly (readonly AnyLink[])[];
}

/** Something that must be so in any run, whatever breaks. */
export interface Invariant {
  /** In messages and in a scenario's `explore.except`. */
  readonly name: string;
  /** One sentence, for help and docs. */
  readonly summary: string;
  /** `observations` can be checked in sim only. */
  readonly needs: 'record' | 'observations';
  /** What is not as it must be, each one sentence; empty when all is well. Called only with what it needs. */
  check(evidence: Evidence): readonly string[];
}

/** An invariant over what sim has seen. */
export const overObservations = (
  name: string,
  summary: string,
  check: (observations: Observations, evidence: Evidence) => readonly string[],
): Invariant => ({
  name,
  summary,
  needs: 'observations',
  check: (evidence) => (evidence.observations ? check(evidence.observations, evidence) : []),
});

/** Milliseconds as a reader of a timeline has them. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

/** The first case in words, with how many there are. */
export const firstOf = <Case>(cases: readonly Case[], describe: (first: Case) => string): readonly string[] => {
  const [first] = cases;
  if (first === undefined) return [];
  return [cases.length === 1 ? `${describe(first)}.` : `${describe(first)}, the first of ${cases.length}.`];
};
