import { type MeasureName, measureNames, measures } from '../../harness/compare/measures.ts';
import type { ComparisonReport, VariantReport } from '../../harness/compare/report.ts';
import type { Quantity, Spread } from '../../harness/compare/spread.ts';
import { formatNumber, formatValue } from '../../harness/verdict/format.ts';
import { metrics } from '../../harness/verdict/metrics.ts';

/** What stands where there is no number. */
export const NOTHING = '–';

/** A column of the table: short, for a terminal, and long. */
export interface MeasureColumn {
  readonly measure: MeasureName;
  readonly head: string;
  readonly unit: string;
}

const HEADS: Readonly<Record<MeasureName, readonly [head: string, unit: string]>> = {
  availability: ['avail.', '%'],
  fullQuality: ['at full', '%'],
  p99: ['p99', 'ms'],
  failoverTime: ['failover', 'ms'],
  degradedShare: ['degr.', '%'],
  accuracy: ['accur.', '%'],
  costPer1k: ['cost', '$/1k'],
};

/** All measures, as a table heads them. */
export const measureColumns: readonly MeasureColumn[] = measureNames.map((measure) => {
  const [head, unit] = HEADS[measure];
  return { measure, head, unit };
});

/** A number in its column's unit, without the unit. */
export const quantityText = (measure: MeasureName, quantity: Quantity): string =>
  quantity === 'never' ? 'never' : formatNumber(metrics[measures[measure].metric].unit, quantity);

const isTooFew = (measure: MeasureName, { samples }: Spread): boolean => samples < metrics[measures[measure].metric].minSamples;

/** A cell of the table; `~` before it says that it has too few samples to judge by. */
export const cellText = (variant: VariantReport, measure: MeasureName, part: 'median' | 'min' | 'max'): string => {
  const spread = variant.measures[measure];
  return spread === null ? NOTHING : `${isTooFew(measure, spread) ? '~' : ''}${quantityText(measure, spread[part])}`;
};

/** Whether the report has more than one run of a variant, so that numbers have a range. */
export const hasRanges = ({ seeds }: ComparisonReport): boolean => seeds.length > 1;

/** E.g. `region-outage: p99 278 ms`. */
export const worstPhaseText = ({ worstPhase }: VariantReport): string => {
  if (!worstPhase) return NOTHING;
  const { phase, metric, value } = worstPhase;
  return `${phase}: ${metric} ${formatValue(metrics[metric].unit, value)}`;
};

/** E.g. `seed 1`, `seeds 1 to 5`, `seeds 3, 7`. */
export const seedsText = (seeds: readonly number[]): string => {
  if (seeds.length === 1) return `seed ${seeds[0]}`;
  const isRow = seeds.length > 2 && seeds.every((seed, index) => seed === seeds[0]! + index);
  return `seeds ${isRow ? `${seeds[0]} to ${seeds.at(-1)}` : seeds.join(', ')}`;
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What was compared, in a line: `6 designs · sim · seeds 1 to 5 · 26 s a run`. */
export const subjectText = ({ variants, knobs, world, seeds, durationMs }: ComparisonReport): string => {
  const designs = [...new Set(variants.map(({ design }) => design))];
  const what = knobs.length === 0 ? counted(designs.length, 'design') : `design ${designs.join(', ')}`;
  return [what, world, seedsText(seeds), `${formatNumber('per-second', durationMs / 1000)} s a run`].join(' · ');
};

/** How far it came, where it did not come to its end. */
export const endText = ({ end }: ComparisonReport): string | null =>
  end.type === 'completed'
    ? null
    : `Interrupted after ${end.runs} of ${counted(end.ofRuns, 'run')}: what is missing was not run.`;

/** Of several runs how many have the verdict, `3/5`. */
export const shareText = ({ verdict, runs }: VariantReport): string =>
  verdict.outcome === 'not-run' ? '' : `${verdict[verdict.outcome]}/${runs.length}`;
