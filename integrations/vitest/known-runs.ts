import type { Scenario } from '../../harness/scenario/scenario.ts';
import { phaseFacts, type RunFacts, runFacts } from '../../harness/verdict/facts.ts';
import { type Phase, phasesOf, wholeTimeline } from '../../harness/verdict/phases.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import type { RunRecord } from '../../harness/world/world.ts';

/** A run, as far as more can be asked of it than its report says. */
export interface KnownRun {
  /** Those of the timeline, and the whole of it. */
  readonly phases: readonly Phase[];
  factsOf(phase: Phase): ReturnType<typeof phaseFacts>;
}

const runs = new WeakMap<RunReport, KnownRun>();

/** Keeps what was measured, for as long as the report is kept. */
export const rememberRun = (report: RunReport, scenario: Scenario, record: RunRecord): void => {
  const facts: RunFacts = runFacts(scenario, record);
  runs.set(report, {
    phases: [...phasesOf(scenario.faults, scenario.durationMs), wholeTimeline(scenario.durationMs)],
    factsOf: (phase) => phaseFacts(phase, facts),
  });
};

/** @throws {TypeError} for anything but a report of a run in this test file */
export const runOf = (received: unknown): { readonly report: RunReport; readonly run: KnownRun } => {
  const run = runs.get(received as RunReport);
  if (run) return { report: received as RunReport, run };
  throw new TypeError('expected the report of a run: what runScenario resolves with, and what scenarioTest hands to its check');
};
