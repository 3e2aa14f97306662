/** One thing that is wanted of an item. */
export interface Aim<Item> {
  /** Null where it is not known. */
  readonly read: (item: Item) => number | null;
  readonly better: 'lower' | 'higher';
}

/** Readings in which less is better, or null when one of them is missing. */
const lossesOf = <Item>(item: Item, aims: readonly Aim<Item>[]): readonly number[] | null => {
  const losses: number[] = [];
  for (const { read, better } of aims) {
    const value = read(item);
    if (value === null || Number.isNaN(value)) return null;
    losses.push(better === 'lower' ? value : -value);
  }
  return losses;
};

/** As good in everything, and better in something. */
const isDominatedBy = (losses: readonly number[], others: readonly number[]): boolean =>
  others.every((other, aim) => other <= losses[aim]!) && others.some((other, aim) => other < losses[aim]!);

/**
 * The items that no other is better than: each other one is worse in something, or alike in everything. An item of which something is
 * not known is neither on the front nor keeps another from it.
 * @returns those on the front, in the order of `items`
 */
export const paretoFront = <Item>(items: readonly Item[], aims: readonly Aim<Item>[]): readonly Item[] => {
  const known = items.flatMap((item) => {
    const losses = lossesOf(item, aims);
    return losses ? [{ item, losses }] : [];
  });
  return known.filter(({ losses }) => !known.some((other) => isDominatedBy(losses, other.losses))).map(({ item }) => item);
};
