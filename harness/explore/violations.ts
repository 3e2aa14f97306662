import type { Fault } from '../faults/kind.ts';
import { namedBursts } from '../load/named-bursts.ts';
import type { Expectation } from '../scenario/scenario.ts';
import { faultableLinks } from '../topology/node-placements.ts';
import { evaluate } from '../verdict/expectation.ts';
import { phaseFacts, runFacts } from '../verdict/facts.ts';
import { formatTime } from '../verdict/format.ts';
import { groupFacts } from '../verdict/groups.ts';
import { phasesOf, wholeTimeline } from '../verdict/phases.ts';
import type { Observations } from '../world/sim/observations.ts';
import type { RunPlan, RunRecord } from '../world/world.ts';
import type { ExploreBounds } from './bounds.ts';
import { invariants } from './invariants/index.ts';
import { linksTouchedBy } from './schedule.ts';

/** Something that was not as it must be. */
export interface Violation {
  /** An invariant's name, `expect all.availability`, `steady-state availability`, or `end`. */
  readonly rule: string;
  /** In words, with what was seen. */
  readonly text: string;
}

/** The plan of a run under a schedule, judged by what holds under any. */
export const planUnder = (plan: RunPlan, faults: readonly Fault[], bounds: ExploreBounds): RunPlan => {
  // Invariants are of whole runs: nothing stops one.
  const { abortWhen: _, ...scenario } = plan.scenario;
  return { ...plan, scenario: { ...scenario, faults, expectations: bounds.expectations } };
};

const brokenExpectations = (plan: RunPlan, record: RunRecord): readonly Violation[] => {
  const { scenario } = plan;
  const run = runFacts(scenario, record);
  const phases = [
    wholeTimeline(scenario.durationMs),
    ...phasesOf(scenario.faults, scenario.durationMs, namedBursts(scenario.load)),
  ];
  const factsOf = ({ phase: name, group }: Expectation) => {
    const phase = phases.find((candidate) => candidate.name === name);
    const facts = phase && phaseFacts(phase, run);
    return facts && group ? groupFacts(facts, group) : facts;
  };
  // Judged without faults alone: requests that were under way when the first fault began are due in the baseline, but not steady.
  const steadyState = scenario.faults.length === 0 ? scenario.steadyState : [];
  const judged = [
    ...steadyState.map((expectation) => ({ expectation: { ...expectation, phase: 'baseline' }, isSteadyState: true })),
    ...scenario.expectations.map((expectation) => ({ expectation, isSteadyState: false })),
  ];
  // What cannot be measured proves nothing: a short phase that a schedule leaves is no fault of the design.
  return judged.flatMap(({ expectation, isSteadyState }) => {
    const { outcome, text } = evaluate(expectation, isSteadyState, factsOf(expectation));
    if (outcome !== 'broken') return [];
    const rule = isSteadyState ? `steady-state ${expectation.metric}` : `expect ${expectation.phase}.${expectation.metric}`;
    return [{ rule, text: `${text}.` }];
  });
};

/**
 * Holds a run to the invariants and to what is expected under any schedule.
 * @param plan what was run: its scenario has the faults, and the expectations that are judged
 * @param observations absent in live: invariants that need them are left out
 * @returns in the order of importance; empty when all is well
 */
export const violationsOf = (
  plan: RunPlan,
  record: RunRecord,
  observations: Observations | undefined,
  bounds: ExploreBounds,
): readonly Violation[] => {
  const { end } = record;
  if (end.type !== 'completed') {
    const text = end.type === 'interrupted' ? 'it was interrupted' : end.text;
    return [{ rule: 'end', text: `The run ended at ${formatTime(end.atMs)}: ${text}.` }];
  }
  const touched = plan.scenario.faults.map((fault) => linksTouchedBy(fault, faultableLinks(plan)) ?? []);
  const evidence = { plan, record, observations, bounds, touched };
  const broken = invariants
    .filter(({ name, needs }) => !bounds.except.includes(name) && (needs === 'record' || observations !== undefined))
    .flatMap(({ name, check }) => check(evidence).map((text): Violation => ({ rule: name, text })));
  return [...broken, ...brokenExpectations(plan, record)];
};

/** What a broken rule asks for, in one sentence where there is one. */
export const summaryOf = (rule: string): string | undefined => invariants.find(({ name }) => name === rule)?.summary;

/** Whether the rule can be judged only where the wire is looked at: in sim. */
export const needsObservations = (rule: string): boolean =>
  invariants.some(({ name, needs }) => name === rule && needs === 'observations');
