/** A wanting item, and how it came about. */
export interface Shrunk<Item, Result> {
  readonly item: Item;
  readonly result: Result;
  /** Which of the simpler items was taken, step by step. */
  readonly path: readonly number[];
  /** Items that were looked at. */
  readonly tried: number;
  /** False when it was stopped before no simpler item was wanting. */
  readonly isMinimal: boolean;
}

export interface ShrinkParts<Item, Result> {
  /** Items simpler than this, simplest first. */
  readonly simplerThan: (item: Item) => Iterable<Item>;
  readonly judge: (item: Item) => Promise<Result>;
  /** Whether the result is wanting in the same way as the one that is being shrunk. */
  readonly isWanting: (result: Result) => boolean;
  /** Items judged at the same time, at least 1. */
  readonly width: number;
  /** Most items that are looked at. */
  readonly maxTried: number;
  readonly signal: AbortSignal;
  readonly onTried?: (tried: number) => void;
}

/** The first wanting item in order, though several are judged at a time. */
const firstWanting = async <Item, Result>(
  items: Iterable<Item>,
  { judge, isWanting, width, signal, maxTried }: ShrinkParts<Item, Result>,
  triedBefore: number,
) => {
  const iterator = items[Symbol.iterator]();
  for (let at = 0; !signal.aborted; ) {
    const chunk: Item[] = [];
    while (chunk.length < width && triedBefore + at + chunk.length < maxTried) {
      const next = iterator.next();
      if (next.done) break;
      chunk.push(next.value);
    }
    if (chunk.length === 0) return { taken: undefined, tried: at, isOver: triedBefore + at < maxTried };
    const results = await Promise.all(chunk.map(judge));
    const index = results.findIndex(isWanting);
    // Counted in order, not by what was judged beside it: a wider machine gets as far.
    if (index >= 0) return { taken: { index: at + index, item: chunk[index]!, result: results[index]! }, tried: at + index + 1 };
    at += chunk.length;
  }
  return { taken: undefined, tried: 0, isOver: false };
};

/**
 * Takes the simplest of the simpler items that is still wanting, again and again, until none is. The outcome is the same for any width.
 */
export const shrink = async <Item, Result>(
  start: { readonly item: Item; readonly result: Result },
  parts: ShrinkParts<Item, Result>,
): Promise<Shrunk<Item, Result>> => {
  let { item, result } = start;
  const path: number[] = [];
  let tried = 0;
  for (;;) {
    const step = await firstWanting(parts.simplerThan(item), parts, tried);
    tried += step.tried;
    parts.onTried?.(tried);
    if (!step.taken) return { item, result, path, tried, isMinimal: step.isOver === true };
    path.push(step.taken.index);
    item = step.taken.item;
    result = step.taken.result;
  }
};
