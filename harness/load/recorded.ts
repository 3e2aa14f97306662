import type { ArrivalSpan } from './arrivals.ts';

const US_PER_MS = 1000;
const US_PER_S = 1_000_000;

/**
 * The trace on the timeline, milliseconds after it began. Before it, the warm-up sends the trace's beginning: as much of it as the
 * warm-up is long, but no more than the timeline shows.
 * @param timesUs microseconds after the timeline began, in order, none negative
 */
export function* recordedTimes(timesUs: readonly number[], { warmupMs, durationMs }: ArrivalSpan): Generator<number> {
  const shownMs = Math.min(warmupMs, durationMs);
  for (const timeUs of timesUs) {
    if (timeUs / US_PER_MS >= shownMs) break;
    yield timeUs / US_PER_MS - shownMs;
  }
  for (const timeUs of timesUs) {
    if (timeUs / US_PER_MS >= durationMs) break;
    yield timeUs / US_PER_MS;
  }
}

/** Where most arrivals lie close together: the first fullest window of that length. */
export const fullestWindow = (
  timesUs: readonly number[],
  windowMs: number,
): { readonly count: number; readonly startUs: number } => {
  let fullest = { count: 0, startUs: 0 };
  let first = 0;
  for (const [index, timeUs] of timesUs.entries()) {
    while (timeUs - timesUs[first]! >= windowMs * US_PER_MS) first += 1;
    if (index - first + 1 > fullest.count) fullest = { count: index - first + 1, startUs: timesUs[first]! };
  }
  return fullest;
};

/** Most arrivals within any window of that length. */
export const mostWithin = (timesUs: readonly number[], windowMs: number): number => fullestWindow(timesUs, windowMs).count;

/** Which part of a trace is played, and how. */
export interface TracePart {
  /** Moment of the trace at which the timeline begins, microseconds; `first` is its first arrival. */
  readonly from: number | 'first';
  /** How many times as fast as it was recorded. */
  readonly speed: number;
  /** Length that is played again and again, microseconds by the trace's own clock; absent plays it once. */
  readonly repeatEveryUs?: number;
  readonly durationMs: number;
  /** Arrivals beyond this many are not looked for. */
  readonly maxCount: number;
}

/** Takes a trace's arrivals, in their order, and gives those of the timeline. */
export interface TraceCutter {
  /** @returns false when no later one is needed */
  take(atUs: number): boolean;
  /** Microseconds after the timeline began, in order; one more than `maxCount` when there are too many. */
  timesUs(): readonly number[];
}

export const createTraceCutter = ({ from, speed, repeatEveryUs, durationMs, maxCount }: TracePart): TraceCutter => {
  const durationUs = durationMs * US_PER_MS;
  const endUs = repeatEveryUs ?? durationUs * speed;
  let startUs: number | undefined = from === 'first' ? undefined : from;
  const kept: number[] = [];

  return {
    take(atUs) {
      startUs ??= atUs;
      const offsetUs = atUs - startUs;
      if (offsetUs < 0) return true;
      if (offsetUs >= endUs) return false;
      kept.push(offsetUs);
      return kept.length <= maxCount;
    },
    timesUs() {
      const times: number[] = [];
      for (let roundUs = 0; kept.length > 0; roundUs += endUs) {
        for (const offsetUs of kept) {
          // To the microsecond: differences are then whole numbers, and a replay file holds just what was played.
          const timeUs = Math.round((roundUs + offsetUs) / speed);
          if (timeUs >= durationUs || times.length > maxCount) return times;
          times.push(timeUs);
        }
        if (repeatEveryUs === undefined) break;
      }
      return times;
    },
  };
};

/** Microseconds from each arrival to the next, the first one's from the start, as a text. */
export const formatGaps = (timesUs: readonly number[]): string =>
  timesUs.map((timeUs, index) => timeUs - (timesUs[index - 1] ?? 0)).join(' ');

/** A moment or length of a trace in seconds, with no more digits than it needs. */
export const formatUs = (us: number): string => `${Number((us / US_PER_S).toFixed(6))}s`;
