import { type MetricName, metrics, type Unit } from '../verdict/metrics.ts';
import type { Control, ControlPart } from './control.ts';
import { observations } from './observations.ts';
import { type ReportedExpectation, type ReportedRun, sameMetric } from './reported-run.ts';

/** What one run says of one part of a control. */
export interface RunEvidence {
  /** Index of the run. */
  readonly run: number;
  /**
   * - passed: what was required was measured, and the run as a whole passed
   * - failed: an expectation broke, here or elsewhere in the run
   * - invalid: the run could not be judged
   * - unseen: it passed, but what would make it evidence was not seen
   */
  readonly outcome: 'passed' | 'failed' | 'invalid' | 'unseen';
  /** Names of the faults that took place. */
  readonly faults: readonly string[];
  /** What was measured against what was required, a sentence each. */
  readonly measured: readonly string[];
  /** Why the outcome is not what the sentences alone say. */
  readonly why?: string;
}

/**
 * - passed: some run gives evidence, and none speaks against it
 * - failed: some run speaks against it
 * - inconclusive: the runs that bear on it could not be judged, or did not show what would make them evidence
 * - not-tested: no run bears on it
 */
export type Status = 'passed' | 'failed' | 'inconclusive' | 'not-tested';

export interface PartEvidence {
  readonly part: ControlPart;
  readonly status: Status;
  readonly runs: readonly RunEvidence[];
}

export interface ControlEvidence {
  readonly control: Control;
  readonly status: Status;
  readonly parts: readonly PartEvidence[];
}

/** What a metric's numbers are, where squall knows it. */
const unitOf = (name: string): Unit | undefined =>
  metrics[Object.keys(metrics).find((known) => sameMetric(known, name)) as MetricName]?.unit;

/** A bound that nothing can break requires nothing: 0 % or more, 100 % or less, no bound at all. */
const requiresSomething = ({ metric, min, max }: ReportedExpectation): boolean =>
  (min !== undefined && min > 0) || (max !== undefined && (unitOf(metric) !== 'share' || max < 1));

/** A fault that the report says has begun; one that was planned for after the end of the run has not. */
const tookPlace = (run: ReportedRun, { name }: ReportedRun['faults'][number]): boolean =>
  run.events.some(({ text }) => text.startsWith(`fault ${name} started`));

const faultsFor = ({ faults }: ControlPart, run: ReportedRun) =>
  run.faults.filter((fault) => tookPlace(run, fault) && (faults === 'any' || faults?.includes(fault.kind)));

/** Phases of the timeline in which a part can be judged: those of its faults, and what spans or follows them. */
const isJudgedIn = (
  { faults }: ControlPart,
  named: readonly string[],
  { phase, isSteadyState }: ReportedExpectation,
): boolean => {
  if (isSteadyState || phase === 'baseline') return false;
  return faults === undefined || phase === 'all' || phase === 'recovery' || named.includes(phase);
};

const alternatives = (entry: string): readonly string[] => entry.split('|').map((name) => name.trim());

/** The expectations that a part is judged by, or nothing when one of its metrics is missing. */
const expectationsFor = (part: ControlPart, named: readonly string[], run: ReportedRun): readonly ReportedExpectation[] => {
  const usable = run.expectations.filter((one) => isJudgedIn(part, named, one) && requiresSomething(one));
  if (part.judged === 'any') return usable;
  const groups = part.judged.map((entry) =>
    usable.filter(({ metric }) => alternatives(entry).some((name) => sameMetric(name, metric))),
  );
  return groups.some((group) => group.length === 0) ? [] : [...new Set(groups.flat())];
};

const outcomeOf = (
  part: ControlPart,
  run: ReportedRun,
  faults: readonly ReportedRun['faults'][number][],
  judged: readonly ReportedExpectation[],
): Pick<RunEvidence, 'outcome' | 'why'> => {
  if (run.verdict.outcome === 'invalid')
    return { outcome: 'invalid', why: `the run can't be judged: ${run.verdict.reasons.join('; ')}` };
  if (judged.some(({ outcome }) => outcome === 'broken')) return { outcome: 'failed' };
  if (run.verdict.outcome === 'failed') return { outcome: 'failed', why: `the run failed: ${run.verdict.reasons.join('; ')}` };
  if (part.seen !== undefined) {
    const { isSeen, absent } = observations[part.seen];
    if (!isSeen(run, faults)) return { outcome: 'unseen', why: absent };
  }
  return { outcome: 'passed' };
};

/** What a run says of a part; null when it does not bear on it. */
const evidenceOf = (part: ControlPart, run: ReportedRun, index: number): RunEvidence | null => {
  const faults = faultsFor(part, run);
  if (part.faults !== undefined && faults.length === 0) return null;
  const names = faults.map(({ name }) => name);
  const judged = expectationsFor(part, names, run);
  if (judged.length === 0) return null;
  return { run: index, faults: names, measured: judged.map(({ text }) => text), ...outcomeOf(part, run, faults, judged) };
};

const statusOf = (outcomes: readonly (RunEvidence['outcome'] | Status)[]): Status => {
  if (outcomes.includes('failed')) return 'failed';
  if (outcomes.includes('passed')) return 'passed';
  return outcomes.every((outcome) => outcome === 'not-tested') ? 'not-tested' : 'inconclusive';
};

/** What the runs say of a control. A run that failed is told of wherever it bears on something. */
export const evaluateControl = (control: Control, runs: readonly ReportedRun[]): ControlEvidence => {
  const parts = control.parts.map((part) => {
    const found = runs.map((run, index) => evidenceOf(part, run, index)).filter((one) => one !== null);
    return { part, status: statusOf(found.map(({ outcome }) => outcome)), runs: found };
  });
  return { control, status: statusOf(parts.map(({ status }) => status)), parts };
};
