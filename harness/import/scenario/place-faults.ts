import { limits } from '../../scenario/limits.ts';
import { durationText } from '../fit/text.ts';
import type { FaultDraft, Unimported } from '../incident.ts';
import { lengthText, type Moments } from './moments.ts';
import type { Timeline } from './timeline.ts';

/** A fault of less is over before it is noticed, milliseconds. */
const LEAST_FAULT_MS = 100;

/**
 * Faults of one link stand one behind the other in the order of their starts. One that fails calls starts anew where one begins that delays them, so
 * that it stands behind it, and what fails takes its time as well.
 */
export const cutAt = (fault: FaultDraft, momentsMs: readonly number[]): readonly FaultDraft[] => {
  if (fault.settings.mode === 'blackhole') return [fault];
  const endMs = fault.atMs + fault.forMs;
  const cuts = [...new Set(momentsMs)].filter((ms) => fault.atMs < ms && ms < endMs).sort((a, b) => a - b);
  const starts = [fault.atMs, ...cuts];
  return starts.map((atMs, index) => ({
    ...fault,
    atMs,
    forMs: (starts[index + 1] ?? endMs) - atMs,
    because: index === 0 ? fault.because : `Goes on, behind the delay that begins here: ${fault.because}`,
  }));
};

const onTimeline = (fault: FaultDraft, timeline: Timeline): FaultDraft => {
  const atMs = Math.round(timeline.at(fault.atMs));
  const endMs = Math.min(timeline.durationMs, Math.round(timeline.at(fault.atMs + fault.forMs)));
  return { ...fault, atMs, forMs: endMs - atMs };
};

/** Puts the longest faults on the timeline; those that it can't hold are listed. */
export const placeFaults = (
  faults: readonly FaultDraft[],
  timeline: Timeline,
  moments: Moments,
): { readonly faults: readonly FaultDraft[]; readonly unimported: readonly Unimported[] } => {
  const placed = faults.map((fault) => ({ fault, draft: onTimeline(fault, timeline) }));
  const long = placed.filter(({ draft }) => draft.forMs >= LEAST_FAULT_MS).sort((a, b) => b.draft.forMs - a.draft.forMs);
  const kept = new Set(long.slice(0, limits.faults));
  const unimported = placed
    .filter((one) => !kept.has(one))
    .map(
      ({ fault, draft }): Unimported => ({
        what: `${fault.kind} on ${fault.target}`,
        where: `${moments.text(fault.atMs)}, for ${lengthText(fault.forMs)}`,
        why:
          draft.forMs < LEAST_FAULT_MS
            ? `it lasts for ${durationText(Math.max(0, draft.forMs))} at this speed; a lower --speed keeps it`
            : `a scenario has at most ${limits.faults} faults, and these are shorter than the others`,
      }),
    );
  return { faults: placed.filter((one) => kept.has(one)).map(({ draft }) => draft), unimported };
};
