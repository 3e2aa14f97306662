import type { FaultDraft, PointMeasure } from '../incident.ts';
import { levelsWithin, segment, type Window, without } from '../segment/windows.ts';
import type { ErrorFit } from './errors.ts';
import { changeRules, medianIn, type Subject, timeOf, usual, valuesOf } from './measures.ts';
import { durationText, percent } from './text.ts';

/** The standard normal's 99th percentile. */
const Z99 = 2.326;

/** A tail that is touched must be more than the hundredth that the 99th percentile leaves out, and less than the twentieth that the 95th does. */
const TAIL_SHARE = 0.03;
/** With the 95th percentile up as well. */
const BROAD_TAIL_SHARE = 0.1;

/** Least delay that a fault can have. */
const LEAST_MS = 1;

/** Windows of a percentile that a tail's jump of one moment does not make. */
const LEAST_MOMENTS = 3;

interface Shift {
  /** Of the median and the 99th percentile above what is usual, milliseconds. */
  readonly middleMs: number;
  readonly tailMs: number | null;
}

/**
 * The delay that shifts the median and the tail so. A tail that moves with the median: the same delay for each call. A tail that moves further: a
 * log-normal one with that median and that 99th percentile, of which the fault wants mean and deviation.
 */
const bodySettings = ({ middleMs, tailMs }: Shift): Readonly<Record<string, unknown>> => {
  const delayMs = Math.max(LEAST_MS, middleMs);
  if (tailMs === null || tailMs <= delayMs * 1.5) return { shape: 'constant', delay: durationText(delayMs) };
  const sigma = Math.log(tailMs / delayMs) / Z99;
  const mean = delayMs * Math.exp(sigma ** 2 / 2);
  const deviation = mean * Math.sqrt(Math.expm1(sigma ** 2));
  return { shape: 'jitter', distribution: 'lognormal', delay: durationText(mean), jitter: durationText(deviation) };
};

const touches = (a: Window, b: Window): boolean => a.from < b.to && b.from < a.to;

const isLost = (errors: readonly ErrorFit[], window: Window, least: number): boolean =>
  errors.some((one) => one.lostShare > least && touches(one.window, window));

const above = (subject: Subject, window: Window, measure: PointMeasure, usualMs: number | null): number | null => {
  const ms = medianIn(subject, window, measure);
  return ms === null || usualMs === null ? null : Math.max(0, ms - usualMs);
};

const shown = (ms: number | null): string => (ms === null ? 'not recorded' : durationText(ms));

/** Above this most calls of a stretch fail, and the median is of those. */
const MOSTLY = 0.5;

/** Share of the calls that may be lost before they make the 99th percentile. */
const TAIL_LOST = 0.01;

/** A median that is up, and what it is measured against. */
const bodyFault = (
  subject: Subject,
  errors: readonly ErrorFit[],
  window: Window,
  base: { readonly middleMs: number; readonly tailMs: number },
  because: string,
): FaultDraft | undefined => {
  const middleMs = above(subject, window, 'p50Ms', base.middleMs) ?? 0;
  if (middleMs < changeRules.p50Ms.floor) return undefined;
  // Lost calls make the tail, not the slowness.
  const tailMs = isLost(errors, window, TAIL_LOST) ? null : above(subject, window, 'p99Ms', base.tailMs);
  const medians = `The median was ${shown(medianIn(subject, window, 'p50Ms'))}, the 99th percentile ${shown(medianIn(subject, window, 'p99Ms'))}`;
  return {
    kind: 'latency-spike',
    target: subject.target,
    ...timeOf(subject, window),
    settings: bodySettings({ middleMs, tailMs }),
    because: `${medians}; ${because}`,
  };
};

/**
 * Latency above the quiet level: `latency-spike`, of all calls where the median is up, of a few where only the tail is. Where most calls fail the median
 * is of failures, which the simulated region answers at once: they are held up for as long as they took. Stretches whose latency is the patience
 * of callers that got no answer are left out: there the outage says it.
 * @param errors of the same region
 * @param failureMs how long a failure takes that nothing holds up, milliseconds
 */
export const fitLatency = (subject: Subject, errors: readonly ErrorFit[], failureMs: number): readonly FaultDraft[] => {
  // Failures are often faster than answers, or slower: what they take is not what is usual.
  const disturbed = segment(valuesOf(subject, 'errorRate'), changeRules.errorRate, subject)?.windows ?? [];
  const find = (measure: PointMeasure) =>
    segment(valuesOf(subject, measure), changeRules[measure], { quietUntil: subject.quietUntil, disturbed })?.windows ?? [];
  const [middles, tails] = [find('p50Ms'), find('p99Ms')];
  const off = [...middles, ...tails, ...disturbed];
  const [usual50 = null, usual95 = null, usual99 = null] = (['p50Ms', 'p95Ms', 'p99Ms'] as const).map((measure) =>
    usual(subject, off, measure),
  );
  const usualText = `usual were ${shown(usual50)} and ${shown(usual99)}.`;

  const failing = errors.filter(({ share, lostShare }) => share > MOSTLY && lostShare <= MOSTLY).map(({ window }) => window);
  const held = failing
    .flatMap((window) => levelsWithin(valuesOf(subject, 'p50Ms'), window, changeRules.p50Ms))
    .map((window) =>
      bodyFault(
        subject,
        errors,
        window,
        { middleMs: failureMs, tailMs: usual99 ?? failureMs },
        `most calls failed, and took so long; ${usualText}`,
      ),
    );

  const body = without(middles, failing, 1)
    .filter((window) => !isLost(errors, window, MOSTLY))
    .map((window) => bodyFault(subject, errors, window, { middleMs: usual50 ?? 0, tailMs: usual50 ?? 0 }, usualText));

  const tail = without(tails, [...middles, ...failing], LEAST_MOMENTS)
    .filter((window) => !isLost(errors, window, TAIL_LOST))
    .map((window): FaultDraft => {
      const p99Ms = medianIn(subject, window, 'p99Ms') ?? 0;
      const delayMs = Math.max(LEAST_MS, p99Ms - (usual50 ?? usual99 ?? 0));
      const raised95 = above(subject, window, 'p95Ms', usual95) ?? 0;
      const isBroad = raised95 > changeRules.p95Ms.share * (usual95 ?? 0) + changeRules.p95Ms.floor;
      const probability = isBroad ? BROAD_TAIL_SHARE : TAIL_SHARE;
      return {
        kind: 'latency-spike',
        target: subject.target,
        ...timeOf(subject, window),
        probability,
        settings: { shape: 'constant', delay: durationText(delayMs) },
        because: `Only the tail: the 99th percentile was ${shown(p99Ms)}, usual was ${shown(usual99)}; taken for a delay of ${percent(probability)} of the calls.`,
      };
    });
  return [...held, ...body, ...tail].filter((fault) => fault !== undefined);
};
