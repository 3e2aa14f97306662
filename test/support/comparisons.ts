import { type ComparisonReport, comparisonReport, type RunOutcome } from '../../harness/compare/report.ts';
import { parseSweep } from '../../harness/compare/sweep.ts';
import { type Variant, variantsOf } from '../../harness/compare/variants.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { judge } from '../../harness/verdict/judge.ts';
import { everythingOff } from './designs.ts';
import { aPlan, aRecord, aScenario, aUsageSample, requestsAt, unanswered } from './records.ts';

/** How a run of a variant goes: seconds of the outage without an answer, latency, dollars in all. */
export interface Course {
  readonly deadS?: number;
  readonly latencyMs?: number;
  readonly costUsd?: number;
  readonly isDegraded?: boolean;
}

const scenarioOf = (names: readonly string[]): Scenario =>
  aScenario({
    design: names[0]!,
    designs: Object.fromEntries(names.map((name) => [name, everythingOff])),
    expectations: [{ phase: 'region-outage', metric: 'availability', min: 0.9 }],
  });

/** A judged run: an outage from 10 s to 20 s, in which nothing answers for a while. */
export const anOutcome = (
  seed: number,
  { deadS = 0, latencyMs = 20, costUsd = 3, isDegraded = false }: Course = {},
): RunOutcome => {
  const plan = { ...aPlan({ expectations: [{ phase: 'region-outage', metric: 'availability', min: 0.9 }] }), seed };
  const deadUntilMs = 10_000 + deadS * 1000;
  const alike = { latencyMs, ...(isDegraded ? { degraded: 'rules', servedBy: 'local/rules' } : {}) };
  const report = judge(
    plan,
    aRecord({
      requests: [
        ...requestsAt(100, 0, 10_000, { latencyMs }),
        ...requestsAt(100, 10_000, deadUntilMs, { ...unanswered, latencyMs: 500 }),
        ...requestsAt(100, deadUntilMs, 20_000, alike),
        ...requestsAt(100, 20_000, 30_000, { latencyMs }),
      ],
      usage: [aUsageSample(0, 0), aUsageSample(30_000, costUsd)],
    }),
    'sim',
  );
  return { seed, verdict: report.verdict, report };
};

/** A run that could not be judged. */
export const anInvalidOutcome = (seed: number): RunOutcome => ({
  seed,
  verdict: { outcome: 'invalid', reasons: ['steady state: availability in baseline was 12 %, required >= 99 %'] },
});

interface ComparisonOptions {
  readonly seeds?: readonly number[];
  readonly isInterrupted?: boolean;
}

/** A comparison of designs, each with the outcomes of its runs. */
export const aComparison = (
  outcomes: Readonly<Record<string, readonly RunOutcome[]>>,
  { seeds = [1], isInterrupted = false }: ComparisonOptions = {},
): ComparisonReport => {
  const names = Object.keys(outcomes);
  const scenario = scenarioOf(names);
  const variants = names.map((name): Variant => ({ name, design: name, settings: {}, patched: everythingOff }));
  return comparisonReport({ scenario, world: 'sim', seeds, knobs: [], variants }, Object.values(outcomes), isInterrupted);
};

/** A sweep on designs, in which the outcome follows from the variant. */
export const aSweep = (
  sweeps: readonly string[],
  designs: readonly string[],
  outcomeOf: (variant: Variant, index: number) => readonly RunOutcome[],
  seeds: readonly number[] = [1],
): ComparisonReport => {
  const scenario = scenarioOf(designs);
  const parsed = sweeps.map(parseSweep);
  const variants = variantsOf(scenario, designs, parsed);
  const knobs = parsed.map(({ knob, values }) => ({ path: knob.path, values: values.map(({ written }) => written) }));
  return comparisonReport({ scenario, world: 'sim', seeds, knobs, variants }, variants.map(outcomeOf), false);
};
