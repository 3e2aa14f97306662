/**
 * The change rule, in three steps. It knows numbers in order of time, one a moment, and nothing of where they come from; null is not known.
 *
 * 1. The level of the quiet time is the lower quartile: an incident that lasts for less than about two thirds of the recording does not move it.
 *    Its noise is how far the 5th percentile lies below it. A value is off when it is above the level by more than five times the noise, and by
 *    more than a floor of the measure.
 * 2. A window is a run of values that are off. One value alone counts only when it is off by three times as much: a lone value just above the
 *    limit is noise, a lone row of a minute's outage is not. Nor does a lone value below the limit end a window, unless it is back within half of it.
 * 3. Within a window, levels are told apart by binary segmentation: the split that takes most of the squared deviation away counts when the
 *    two means are apart by more than the floor, by more than a quarter of the larger, and by more than three standard errors.
 */

/** From one moment to another, by index: first included, last excluded. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What counts as a change of a measure. */
export interface ChangeRule {
  /** Least difference that counts, in the measure's unit. */
  readonly floor: number;
  /** The same as a share of the level; 0 where a level of nearly 0 is usual. */
  readonly share: number;
}

/** The quiet level of a series, and from where on a value is off. */
export interface Baseline {
  readonly level: number;
  /** Above the level. */
  readonly limit: number;
}

const QUIET_QUANTILE = 0.25;
const NOISE_QUANTILE = 0.05;
const NOISES = 5;
const ALONE_FACTOR = 3;
const BACK_SHARE = 0.5;
const LEVEL_SHARE = 0.25;
const STANDARD_ERRORS = 3;

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor((sorted.length - 1) * share)]!;

/**
 * Step 1.
 * @param quietUntil moments before this index are known to be quiet; then their median is the level. All count when left out.
 * @returns undefined where nothing is known
 */
export const baselineOf = (values: readonly (number | null)[], rule: ChangeRule, quietUntil?: number): Baseline | undefined => {
  const sorted = values
    .slice(0, quietUntil)
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const isToldQuiet = quietUntil !== undefined;
  const level = quantile(sorted, isToldQuiet ? 0.5 : QUIET_QUANTILE);
  const noise = isToldQuiet ? quantile(sorted, 0.95) - level : level - quantile(sorted, NOISE_QUANTILE);
  return { level, limit: level + Math.max(rule.floor, rule.share * level, NOISES * noise) };
};

/** Step 2. */
export const windowsAbove = (values: readonly (number | null)[], { level, limit }: Baseline): readonly Window[] => {
  const windows: Window[] = [];
  const excess = limit - level;
  const isOff = (value: number | null | undefined): boolean => typeof value === 'number' && value > limit;
  let from: number | undefined;
  let to = 0;
  const close = () => {
    if (from === undefined) return;
    const known = values.slice(from, to).filter((value) => value !== null);
    if (known.length > 1 || known.some((value) => value > level + ALONE_FACTOR * excess)) windows.push({ from, to });
    from = undefined;
  };
  values.forEach((value, index) => {
    if (value === null) return;
    if (isOff(value)) {
      from ??= index;
      to = index + 1;
      return;
    }
    const isDip = from !== undefined && value > level + BACK_SHARE * excess && isOff(values[index + 1]);
    if (!isDip) close();
  });
  close();
  return windows;
};

interface Sums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

const deviation = ({ count, sum, squares }: Sums): number => (count === 0 ? 0 : Math.max(0, squares - (sum * sum) / count));

/** Where a stretch of numbers is best cut in two; undefined where the two parts would not be apart. */
const bestSplit = (numbers: readonly number[], rule: ChangeRule, least: number): number | undefined => {
  const total = numbers.reduce<Sums>(
    (all, value) => ({ count: all.count + 1, sum: all.sum + value, squares: all.squares + value * value }),
    { count: 0, sum: 0, squares: 0 },
  );
  let best: { readonly at: number; readonly left: Sums; readonly right: Sums; readonly rest: number } | undefined;
  let left: Sums = { count: 0, sum: 0, squares: 0 };
  for (let at = 1; at < numbers.length; at += 1) {
    const value = numbers[at - 1]!;
    left = { count: at, sum: left.sum + value, squares: left.squares + value * value };
    const right = { count: total.count - at, sum: total.sum - left.sum, squares: total.squares - left.squares };
    if (left.count < least || right.count < least) continue;
    const rest = deviation(left) + deviation(right);
    if (!best || rest < best.rest) best = { at, left, right, rest };
  }
  if (!best) return undefined;
  const means = [best.left.sum / best.left.count, best.right.sum / best.right.count] as const;
  const apart = Math.abs(means[0] - means[1]);
  const spread = Math.sqrt(best.rest / Math.max(1, total.count - 2));
  const standardError = spread * Math.sqrt(1 / best.left.count + 1 / best.right.count);
  const needed = Math.max(rule.floor, LEVEL_SHARE * Math.max(...means), STANDARD_ERRORS * standardError);
  return apart > needed ? best.at : undefined;
};

/** Moments of a level, at least. */
const LEAST_MOMENTS = 2;

/** Step 3: the windows of one level each that a window consists of, in order. */
export const levelsWithin = (values: readonly (number | null)[], { from, to }: Window, rule: ChangeRule): readonly Window[] => {
  const known = values.slice(from, to).flatMap((value, offset) => (value === null ? [] : [{ value, index: from + offset }]));
  const cut = (first: number, end: number): readonly Window[] => {
    const numbers = known.slice(first, end).map(({ value }) => value);
    const at = bestSplit(numbers, rule, LEAST_MOMENTS);
    if (at === undefined) {
      return [{ from: first === 0 ? from : known[first]!.index, to: end === known.length ? to : known[end]!.index }];
    }
    return [...cut(first, first + at), ...cut(first + at, end)];
  };
  return known.length === 0 ? [] : cut(0, known.length);
};

/** What a series is known to be like beside its numbers. */
export interface Known {
  /** Moments before this index are quiet. */
  readonly quietUntil?: number | undefined;
  /** Windows in which something else is wrong, that say nothing of the quiet level. */
  readonly disturbed?: readonly Window[];
}

/** All of a series at once: its baseline, and the windows of one level each in which it is off. */
export const segment = (
  values: readonly (number | null)[],
  rule: ChangeRule,
  { quietUntil, disturbed = [] }: Known = {},
): { readonly baseline: Baseline; readonly windows: readonly Window[] } | undefined => {
  const undisturbed = values.map((value, index) =>
    disturbed.some(({ from, to }) => from <= index && index < to) ? null : value,
  );
  const baseline = baselineOf(undisturbed, rule, quietUntil) ?? baselineOf(values, rule, quietUntil);
  if (!baseline) return undefined;
  return { baseline, windows: windowsAbove(values, baseline).flatMap((window) => levelsWithin(values, window, rule)) };
};

/** What of the windows lies in none of the others; pieces shorter than `least` moments are left out. */
export const without = (windows: readonly Window[], others: readonly Window[], least: number): readonly Window[] =>
  others
    .reduce<readonly Window[]>(
      (pieces, other) =>
        pieces.flatMap(({ from, to }) =>
          other.to <= from || to <= other.from
            ? [{ from, to }]
            : [
                { from, to: other.from },
                { from: other.to, to },
              ].filter((piece) => piece.from < piece.to),
        ),
      windows,
    )
    .filter(({ from, to }) => to - from >= least);
