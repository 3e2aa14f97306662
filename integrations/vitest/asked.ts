import type { z } from 'zod';
import { SquallError } from '../../harness/errors.ts';
import { explain } from '../../harness/scenario/explain.ts';
import { metricBounds } from '../../harness/scenario/metric-bounds.ts';
import { formatPath, problemsOf } from '../../harness/scenario/problem.ts';
import { expectationsOf } from '../../harness/scenario/resolve-expectations.ts';
import type { Expectation } from '../../harness/scenario/scenario.ts';
import { evaluate } from '../../harness/verdict/expectation.ts';
import { type MetricName, metrics } from '../../harness/verdict/metrics.ts';
import type { Phase } from '../../harness/verdict/phases.ts';
import type { ExpectationResult } from '../../harness/verdict/report.ts';
import type { KnownRun } from './known-runs.ts';

/** One bound, e.g. `availability >= 99%`, `p99 <= 300ms`, `goodput >= 50/s`, `costPer1k <= $0.002`. */
export type BoundText = `${MetricName} ${'>=' | '<='} ${string}`;

/** Bounds by metric, as the `expect` of a scenario file has them, e.g. `{ p99: { max: '300ms' } }`. */
export type BoundsInput = z.input<typeof metricBounds>;

const refused = (message: string) => new SquallError('BAD_SCENARIO', message);

/** A plain number is one; all else is for its unit to read. A dollar sign stands before nothing else. */
const valueIn = (metric: string, text: string): string | number => {
  const value = text.replace(/^\$/, '');
  const isTime = metrics[metric as MetricName]?.unit === 'ms';
  return /^\d+(\.\d+)?$/.test(value) && !isTime ? Number(value) : value;
};

const boundsIn = (text: string): unknown => {
  const [, metric = '', sign, value = ''] = /^\s*(\w+)\s*([<>]=)\s*(\S.*?)\s*$/.exec(text) ?? [];
  if (!sign)
    throw refused(`Expected a metric, >= or <=, and a value, such as "availability >= 99%"; got ${JSON.stringify(text)}.`);
  return { [metric]: { [sign === '>=' ? 'min' : 'max']: valueIn(metric, value) } };
};

/**
 * What is meant by a name: the phase that is called so, or every phase of that kind.
 * @throws {SquallError} when there is none
 */
export const phasesCalled = (name: string, phases: readonly Phase[]): readonly Phase[] => {
  const named = phases.filter((phase) => phase.name === name);
  const meant = named.length > 0 ? named : phases.filter((phase) => phase.kind === name);
  if (meant.length > 0) return meant;
  throw refused(`The run has no phase "${name}". Phases: ${phases.map((phase) => phase.name).join(', ')}; fault is any fault's.`);
};

/**
 * Judges what is asked of a run, in each of the phases.
 * @throws {SquallError} for what can't be asked: no such metric, a value of another unit, a metric that has no meaning in the phase
 */
export const judgeAsked = (
  run: KnownRun,
  asked: string | BoundsInput,
  phases: readonly Phase[],
): readonly ExpectationResult[] => {
  const parsed = metricBounds.safeParse(typeof asked === 'string' ? boundsIn(asked) : asked, { error: explain });
  if (!parsed.success) {
    throw refused(
      problemsOf(parsed.error)
        .map(({ path, message }) => `${formatPath(path)}: ${message}`)
        .join('\n'),
    );
  }
  return phases.flatMap((phase) => {
    const facts = run.factsOf(phase);
    const expectations: readonly Expectation[] = expectationsOf(phase, parsed.data, [], (_, message) => {
      throw refused(message);
    });
    return expectations.map((expectation) => evaluate(expectation, false, facts));
  });
};
