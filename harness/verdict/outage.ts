import type { Fault } from '../faults/kind.ts';
import { outcomeOf, type PhaseFacts, type RunFacts } from './facts.ts';
import { formatTime } from './format.ts';
import type { Measurement } from './metrics.ts';
import { windowOf } from './phases.ts';
import { findRestoration, type Objective } from './restoration.ts';

/** A stretch in which success is looked for again, and what to call it. */
interface Search {
  readonly name: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Looks for the return of success in one stretch, or says why that can't be known. */
const search = ({ name, fromMs, untilMs }: Search, run: RunFacts, objective: Objective): Measurement => {
  const measuredUntilMs = Math.min(untilMs, run.measuredUntilMs);
  const attempts = run.requests
    .filter((request) => request.dueMs >= fromMs && request.dueMs < measuredUntilMs)
    .map((request) => ({
      dueMs: request.dueMs,
      isGood: outcomeOf(request, run.load) === 'ok' && request.degraded === '',
    }));
  const samples = attempts.length;
  if (untilMs - fromMs < objective.windowMs) {
    const why = `${name} leaves ${formatTime(Math.max(0, untilMs - fromMs))}, and success must hold for ${formatTime(objective.windowMs)}`;
    return { type: 'unmeasurable', why, samples };
  }
  const foundMs = findRestoration(attempts, fromMs, measuredUntilMs, objective);
  if (foundMs !== null) return { type: 'value', value: foundMs, samples };
  if (measuredUntilMs < untilMs) {
    return { type: 'unmeasurable', why: `the run ended at ${formatTime(run.measuredUntilMs)}`, samples };
  }
  return { type: 'never', samples };
};

/** Of several faults the worst counts: one never restored, then one that can't be judged, then the longest. */
const worst = (measurements: readonly Measurement[]): Measurement => {
  const values = measurements.filter((measurement) => measurement.type === 'value').sort((a, b) => b.value - a.value);
  return (
    measurements.find(({ type }) => type === 'never') ??
    measurements.find(({ type }) => type === 'unmeasurable') ??
    values[0] ?? { type: 'unmeasurable', why: 'no fault is on the timeline', samples: 0 }
  );
};

/** The faults that a phase tells of: its own, or all of them where it is not one fault's. */
const faultsOf = ({ phase, run }: PhaseFacts): readonly Fault[] =>
  phase.kind === 'fault' ? run.faults.filter((fault) => fault.name === phase.name) : run.faults;

/** From the start of a fault until undegraded success holds at the objective for a full window, within the fault. */
export const failoverTime = (facts: PhaseFacts, objective: Objective): Measurement =>
  worst(
    faultsOf(facts).map((fault) => {
      const { startMs, endMs } = windowOf(fault, facts.run.durationMs);
      return search({ name: fault.name, fromMs: startMs, untilMs: endMs }, facts.run, objective);
    }),
  );

/** From the end of a fault until undegraded success holds at the objective for a full window, before the timeline ends. */
export const recoveryTime = (facts: PhaseFacts, objective: Objective): Measurement =>
  worst(
    faultsOf(facts).map((fault) => {
      const { endMs } = windowOf(fault, facts.run.durationMs);
      const name = `the timeline after ${fault.name}`;
      return search({ name, fromMs: endMs, untilMs: facts.run.durationMs }, facts.run, objective);
    }),
  );
