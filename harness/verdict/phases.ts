import type { Fault } from '../faults/kind.ts';
import type { NamedBurst } from '../load/named-bursts.ts';

/** `all` is the whole timeline: expectations can name it, and the report has it beside the phases. */
export type PhaseKind = 'baseline' | 'fault' | 'burst' | 'recovery' | 'all';

/** Names that no fault may take, since they name phases. */
export const reservedPhaseNames: readonly string[] = ['baseline', 'recovery', 'all'];

/** A stretch of the timeline, milliseconds after measuring began: start included, end excluded. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** A named part of the timeline. Its windows are in time order, don't touch, and none is empty. */
export interface Phase {
  /** `baseline`, the name of a fault or a burst, `recovery`, or `all`. */
  readonly name: string;
  readonly kind: PhaseKind;
  readonly windows: readonly TimeWindow[];
}

export const lengthMsOf = (windows: readonly TimeWindow[]): number =>
  windows.reduce((sum, window) => sum + (window.endMs - window.startMs), 0);

export const isWithin = (windows: readonly TimeWindow[], atMs: number): boolean =>
  windows.some((window) => window.startMs <= atMs && atMs < window.endMs);

/** What of the windows lies before `untilMs`. */
export const clipTo = (windows: readonly TimeWindow[], untilMs: number): readonly TimeWindow[] =>
  windows
    .map(({ startMs, endMs }) => ({ startMs, endMs: Math.min(endMs, untilMs) }))
    .filter(({ startMs, endMs }) => startMs < endMs);

/** The fault's window, as far as it lies on the timeline. */
export const windowOf = (fault: Pick<Fault, 'atMs' | 'forMs'>, durationMs: number): TimeWindow => ({
  startMs: Math.max(0, fault.atMs),
  endMs: Math.min(durationMs, fault.atMs + fault.forMs),
});

export const wholeTimeline = (durationMs: number): Phase => ({
  name: 'all',
  kind: 'all',
  windows: clipTo([{ startMs: 0, endMs: durationMs }], durationMs),
});

/** The stretches of [fromMs, toMs) that no window covers. */
const gapsBetween = (windows: readonly TimeWindow[], fromMs: number, toMs: number): readonly TimeWindow[] => {
  const gaps: TimeWindow[] = [];
  let coveredUntilMs = fromMs;
  for (const { startMs, endMs } of [...windows].sort((a, b) => a.startMs - b.startMs)) {
    if (startMs > coveredUntilMs) gaps.push({ startMs: coveredUntilMs, endMs: startMs });
    coveredUntilMs = Math.max(coveredUntilMs, endMs);
  }
  if (coveredUntilMs < toMs) gaps.push({ startMs: coveredUntilMs, endMs: toMs });
  return gaps;
};

/**
 * Divides the timeline: `baseline` until the first fault or named burst starts, one phase each (those that overlap have overlapping phases), and
 * `recovery` wherever none is active after that. A phase that has no time is left out: baseline when a fault starts at 0, recovery
 * when the faults last to the end, a fault that lies off the timeline.
 *
 * @returns baseline, faults and bursts by their start, recovery
 */
export const phasesOf = (
  faults: readonly Pick<Fault, 'name' | 'atMs' | 'forMs'>[],
  durationMs: number,
  bursts: readonly NamedBurst[] = [],
): readonly Phase[] => {
  const active = [
    ...faults.map(
      (fault): Phase => ({ name: fault.name, kind: 'fault', windows: clipTo([windowOf(fault, durationMs)], durationMs) }),
    ),
    ...bursts.map(({ name, windows }): Phase => ({ name, kind: 'burst', windows: clipTo(windows, durationMs) })),
  ]
    .filter((phase) => phase.windows.length > 0)
    .sort((a, b) => a.windows[0]!.startMs - b.windows[0]!.startMs);
  const firstStartMs = active[0]?.windows[0]?.startMs ?? durationMs;
  const windows = active.flatMap((phase) => phase.windows);
  const phases: readonly Phase[] = [
    { name: 'baseline', kind: 'baseline', windows: gapsBetween([], 0, firstStartMs) },
    ...active,
    { name: 'recovery', kind: 'recovery', windows: gapsBetween(windows, firstStartMs, durationMs) },
  ];
  return phases.filter((phase) => phase.windows.length > 0);
};
