import { namedBursts } from '../load/named-bursts.ts';
import type { Expectation } from '../scenario/scenario.ts';
import type { RunEnd, RunPlan, RunRecord, World } from '../world/world.ts';
import { compareCurves } from './curves.ts';
import { evaluate } from './expectation.ts';
import { type PhaseFacts, phaseFacts, runFacts } from './facts.ts';
import { formatTime } from './format.ts';
import { groupFacts } from './groups.ts';
import { lateLoad } from './lateness.ts';
import { measurePhase } from './measure.ts';
import { describeMethod } from './method.ts';
import { outputReport } from './output-excerpts.ts';
import { phasesOf, wholeTimeline } from './phases.ts';
import type { ExpectationResult, RunReport, Verdict } from './report.ts';

/** What holds of every run in which somebody tries what nobody may. */
const IDENTITY_EXPECTATIONS: readonly Expectation[] = [{ phase: wholeTimeline(0).name, metric: 'unauthorisedAnswers', max: 0 }];

const isNamed = (one: Expectation, named: readonly Expectation[]): boolean =>
  named.some(({ metric, phase, group }) => metric === one.metric && phase === one.phase && !group);

/** An early end, as the first reason of a verdict. */
const endReason = (end: RunEnd, durationMs: number): readonly string[] => {
  switch (end.type) {
    case 'completed':
      return [];
    case 'interrupted':
      return [
        end.atMs < 0
          ? 'the run was interrupted before the timeline began'
          : `the run was interrupted at ${formatTime(end.atMs)} of ${formatTime(durationMs)}`,
      ];
    case 'sut-exited':
      return [`the system under test went away at ${formatTime(end.atMs)}: ${end.text}`];
    case 'aborted':
      return [`the run was stopped at ${formatTime(end.atMs)}: ${end.text}`];
    case 'broken':
      return [`the run broke at ${formatTime(end.atMs)}: ${end.text}`];
  }
};

/**
 * Decides. An end that is not the design's doing, or a baseline that did not hold, leaves nothing to judge: invalid. After that one broken
 * expectation fails the run, whatever else could not be measured; without one, an expectation that could not be measured makes it invalid.
 * What broke on a machine that was too busy is no failure of the design: invalid.
 *
 * @param baselineEndMs when the first fault starts
 * @param tooBusy why the machine can't be judged by, or null
 */
const verdictOf = (
  end: RunEnd,
  durationMs: number,
  baselineEndMs: number,
  tooBusy: string | null,
  results: readonly ExpectationResult[],
): Verdict => {
  const excuse = tooBusy === null ? [] : [tooBusy];
  const ended = endReason(end, durationMs);
  const reasonsOf = (outcome: ExpectationResult['outcome'], isSteadyState: boolean): readonly string[] =>
    results
      .filter((result) => result.outcome === outcome && result.isSteadyState === isSteadyState)
      .map((result) => (isSteadyState ? `steady state: ${result.text}` : result.text));
  const wasLost =
    end.type === 'interrupted' ||
    end.type === 'broken' ||
    ((end.type === 'sut-exited' || end.type === 'aborted') && end.atMs < baselineEndMs);
  if (wasLost) return { outcome: 'invalid', reasons: [...ended, ...reasonsOf('broken', true)] };
  const unsteady = [...reasonsOf('broken', true), ...reasonsOf('unmeasurable', true)];
  if (unsteady.length > 0) return { outcome: 'invalid', reasons: [...ended, ...excuse, ...unsteady] };
  const broken = reasonsOf('broken', false);
  if (ended.length === 0 && broken.length > 0 && tooBusy !== null) return { outcome: 'invalid', reasons: [tooBusy, ...broken] };
  const failures = [...ended, ...broken];
  if (failures.length > 0) return { outcome: 'failed', reasons: failures };
  const unmeasurable = reasonsOf('unmeasurable', false);
  return unmeasurable.length > 0 ? { outcome: 'invalid', reasons: unmeasurable } : { outcome: 'passed' };
};

/**
 * Measures what happened, phase by phase, and judges it by what was expected.
 * @param world where it ran
 */
export const judge = (plan: RunPlan, record: RunRecord, world: World['name'] = 'live'): RunReport => {
  const { scenario } = plan;
  const { durationMs } = scenario;
  const run = runFacts(scenario, record);
  const bursts = namedBursts(scenario.load);
  const phases = phasesOf(scenario.faults, durationMs, bursts).map((phase) => phaseFacts(phase, run));
  const overall = phaseFacts(wholeTimeline(durationMs), run);
  const factsOf = ({ phase: name, group }: Expectation): PhaseFacts | undefined => {
    const facts = [...phases, overall].find(({ phase }) => phase.name === name);
    return facts && group ? groupFacts(facts, group) : facts;
  };

  const expectations = [
    ...scenario.steadyState
      .map((expectation) => ({ ...expectation, phase: 'baseline' }))
      .map((expectation) => evaluate(expectation, true, factsOf(expectation))),
    ...[
      ...scenario.expectations,
      ...(run.identity ? IDENTITY_EXPECTATIONS.filter((one) => !isNamed(one, scenario.expectations)) : []),
    ].map((expectation) => evaluate(expectation, false, factsOf(expectation))),
  ];
  const firstFaultMs = Math.min(
    durationMs,
    ...scenario.faults.map((fault) => fault.atMs),
    ...bursts.flatMap(({ windows }) => windows.map(({ startMs }) => startMs)),
  );
  return {
    schemaVersion: 1,
    scenario: scenario.name,
    title: scenario.title,
    design: plan.designName,
    ...(plan.sut === undefined ? {} : { sut: plan.sut }),
    world,
    seed: plan.seed,
    startedAt: record.startedAt,
    durationMs,
    end: record.end,
    verdict: verdictOf(record.end, durationMs, firstFaultMs, lateLoad(run.requests), expectations),
    phases: phases.map((facts) => measurePhase(facts, scenario.expectations)),
    overall: measurePhase(overall, scenario.expectations),
    expectations,
    faults: scenario.faults.map(({ name, kind, targets, atMs, forMs }) => ({ name, kind, targets, atMs, forMs })),
    ...(run.residency ? { residency: run.residency } : {}),
    ...(scenario.recorded
      ? { curves: compareCurves(scenario.recorded, plan.links, record.calls ?? [], run.measuredUntilMs) }
      : {}),
    events: [...record.events].sort((a, b) => a.atMs - b.atMs),
    ...outputReport(
      record.output,
      record.requests,
      [...phases, overall].map(({ phase }) => phase),
      expectations,
    ),
    method: describeMethod(scenario.load),
  };
};
