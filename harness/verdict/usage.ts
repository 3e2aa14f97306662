import type { UsageSample } from '../world/world.ts';
import type { TimeWindow } from './phases.ts';

/** A meter cannot be read with fewer: a cost is a difference. */
const MIN_SAMPLES = 2;

const totalUsd = (sample: UsageSample): number => sample.rows.reduce((sum, row) => sum + row.costUsd, 0);

/**
 * What the providers charged within the windows. The meters are read close to the edges of the phases, not on them to the millisecond,
 * so a reading between two samples is on the straight line between them.
 *
 * @param usage cumulative samples in time order
 * @returns US dollars; null when the meters were read fewer than two times
 */
export const costWithin = (usage: readonly UsageSample[], windows: readonly TimeWindow[]): number | null => {
  if (usage.length < MIN_SAMPLES) return null;
  const readAt = (atMs: number): number => {
    const next = usage.findIndex((sample) => sample.atMs >= atMs);
    if (next === -1) return totalUsd(usage.at(-1)!);
    const after = usage[next]!;
    const before = usage[next - 1];
    if (!before || after.atMs === atMs) return totalUsd(after);
    const share = (atMs - before.atMs) / (after.atMs - before.atMs);
    return totalUsd(before) + share * (totalUsd(after) - totalUsd(before));
  };
  return windows.reduce((sum, { startMs, endMs }) => sum + (readAt(endMs) - readAt(startMs)), 0);
};
