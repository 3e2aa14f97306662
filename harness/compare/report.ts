import type { Scenario } from '../scenario/scenario.ts';
import { describeMethod } from '../verdict/method.ts';
import type { RunReport, Verdict } from '../verdict/report.ts';
import type { World } from '../world/world.ts';
import { type MeasureName, measureNames, measures } from './measures.ts';
import { paretoFront } from './pareto.ts';
import { type Quantity, type Spread, spreadOf } from './spread.ts';
import type { Variant } from './variants.ts';
import { type WorstPhase, worstPhase } from './worst-phase.ts';

/** The end of a comparison, as data: all that a reporter needs. */
export interface ComparisonReport {
  readonly schemaVersion: 1;
  readonly scenario: string;
  readonly title: string;
  readonly world: World['name'];
  readonly durationMs: number;
  readonly seeds: readonly number[];
  /** What the sweep turns: knobs with their values in the form of files, in the order asked for. Empty without a sweep. */
  readonly knobs: readonly { readonly path: string; readonly values: readonly string[] }[];
  readonly end: { readonly type: 'completed' | 'interrupted'; readonly runs: number; readonly ofRuns: number };
  readonly variants: readonly VariantReport[];
  readonly method: string;
}

export interface VariantReport {
  readonly name: string;
  readonly design: string;
  /** What the sweep has set, by knob. */
  readonly settings: Readonly<Record<string, string>>;
  readonly verdict: VariantVerdict;
  /** Over the runs that could be judged; null where none could measure it. */
  readonly measures: Readonly<Record<MeasureName, Spread | null>>;
  /** Null where no run could be judged. */
  readonly worstPhase: WorstPhase | null;
  /** No other variant is both as cheap and as available at full quality, and better in one of them. By medians. */
  readonly isOnFront: boolean;
  readonly runs: readonly VariantRun[];
}

export interface VariantVerdict {
  /** `invalid` as soon as one run could not be judged, else `failed` as soon as one has; `not-run` where none was. */
  readonly outcome: Verdict['outcome'] | 'not-run';
  readonly passed: number;
  readonly failed: number;
  readonly invalid: number;
  /** Of the runs that did not pass, each once. */
  readonly reasons: readonly string[];
}

/** One run of a variant. */
export interface VariantRun {
  readonly seed: number;
  readonly verdict: Verdict;
  /** Null where it could not be judged, or measured. */
  readonly measures: Readonly<Record<MeasureName, Quantity | null>>;
}

/** How a run went; without a report where it broke before it could be measured. */
export interface RunOutcome {
  readonly seed: number;
  readonly verdict: Verdict;
  readonly report?: RunReport;
}

export interface Compared {
  readonly scenario: Scenario;
  readonly world: World['name'];
  readonly seeds: readonly number[];
  readonly knobs: ComparisonReport['knobs'];
  readonly variants: readonly Variant[];
}

const mapMeasures = <Value>(map: (name: MeasureName) => Value): Record<MeasureName, Value> =>
  Object.fromEntries(measureNames.map((name) => [name, map(name)])) as Record<MeasureName, Value>;

const verdictOf = (outcomes: readonly RunOutcome[]): VariantVerdict => {
  const count = (outcome: Verdict['outcome']): number => outcomes.filter(({ verdict }) => verdict.outcome === outcome).length;
  const [passed, failed, invalid] = [count('passed'), count('failed'), count('invalid')];
  const reasons = outcomes.flatMap(({ verdict }) => (verdict.outcome === 'passed' ? [] : verdict.reasons));
  const outcome = invalid > 0 ? 'invalid' : failed > 0 ? 'failed' : passed > 0 ? 'passed' : 'not-run';
  return { outcome, passed, failed, invalid, reasons: [...new Set(reasons)] };
};

const judgedReport = ({ verdict, report }: RunOutcome): RunReport | undefined =>
  verdict.outcome === 'invalid' ? undefined : report;

const variantReport = (
  { name, design, settings }: Variant,
  outcomes: readonly RunOutcome[],
): Omit<VariantReport, 'isOnFront'> => {
  const judged = outcomes.flatMap((outcome) => judgedReport(outcome) ?? []);
  return {
    name,
    design,
    settings,
    verdict: verdictOf(outcomes),
    measures: mapMeasures((measure) => spreadOf(judged.map((report) => measures[measure].read(report)))),
    worstPhase: worstPhase(judged),
    runs: outcomes.map((outcome) => {
      const report = judgedReport(outcome);
      const read = (measure: MeasureName) => (report ? (measures[measure].read(report)?.value ?? null) : null);
      return { seed: outcome.seed, verdict: outcome.verdict, measures: mapMeasures(read) };
    }),
  };
};

/**
 * What the front weighs against each other. A degraded answer counts as available and costs no provider anything: a front that went by
 * availability alone would praise the design that degrades most.
 */
export const FRONT: readonly MeasureName[] = ['costPer1k', 'fullQuality'];

/** The median as a number; null where there is none to set against others. */
export const medianOf = (variant: Pick<VariantReport, 'measures'>, measure: MeasureName): number | null => {
  const median = variant.measures[measure]?.median;
  return typeof median === 'number' ? median : null;
};

/** Whether a variant can be on the front: all its runs could be judged. */
const canBeWeighed = ({ verdict }: Pick<VariantReport, 'verdict'>): boolean =>
  verdict.outcome === 'passed' || verdict.outcome === 'failed';

const methodOf = ({ scenario, seeds }: Compared): string =>
  [
    describeMethod(scenario.load),
    ...(seeds.length > 1 ? [`A variant's number is the median of its runs, one for each of ${seeds.length} seeds.`] : []),
    'Failover time is that of the fault that took longest.',
    'At full quality: available and not degraded. The front: no other is as cheap and as available at full quality, and better in one of the two.',
  ].join(' ');

/**
 * Puts a comparison together.
 * @param outcomes by variant, in its order; those of an interrupted comparison are fewer than there are seeds
 */
export const comparisonReport = (
  compared: Compared,
  outcomes: readonly (readonly RunOutcome[])[],
  isInterrupted: boolean,
): ComparisonReport => {
  const { scenario, world, seeds, knobs, variants } = compared;
  const reports = variants.map((variant, index) =>
    variantReport(
      variant,
      outcomes[index]!.toSorted((a, b) => seeds.indexOf(a.seed) - seeds.indexOf(b.seed)),
    ),
  );
  const front = paretoFront(
    reports.filter(canBeWeighed),
    FRONT.map((measure) => ({ read: (variant) => medianOf(variant, measure), better: measures[measure].better })),
  );
  return {
    schemaVersion: 1,
    scenario: scenario.name,
    title: scenario.title,
    world,
    durationMs: scenario.durationMs,
    seeds,
    knobs,
    end: {
      type: isInterrupted ? 'interrupted' : 'completed',
      runs: outcomes.reduce((sum, runs) => sum + runs.length, 0),
      ofRuns: variants.length * seeds.length,
    },
    variants: reports.map((report) => ({ ...report, isOnFront: front.includes(report) })),
    method: methodOf(compared),
  };
};
