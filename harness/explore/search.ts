import { itemNumber, type Shard } from '../shard.ts';

/** When a search ends that finds nothing. */
export type Budget = { readonly type: 'time'; readonly ms: number } | { readonly type: 'count'; readonly count: number };

/** The item of the lowest number that was found wanting. */
export interface Finding<Item, Result> {
  readonly index: number;
  readonly item: Item;
  readonly result: Result;
}

export interface SearchResult<Item, Result> {
  readonly found: Finding<Item, Result> | undefined;
  /** Items that were judged. */
  readonly judged: number;
  readonly ended: 'found' | 'budget' | 'interrupted';
}

export interface SearchParts<Item, Result> {
  /** The item with that number. */
  readonly itemAt: (index: number) => Item;
  readonly judge: (item: Item) => Promise<Result>;
  readonly isWanting: (result: Result) => boolean;
  readonly budget: Budget;
  readonly shard: Shard;
  /** Items that are judged at the same time, at least 1. */
  readonly width: number;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly onJudged?: (judged: number) => void;
}

/**
 * Judges items by their number, several at a time, until one is wanting or the budget is used up. When one is found, those with lower
 * numbers that are under way are waited for: the finding is the lowest, whatever the width and whichever was quicker.
 * A budget of time decides only where the search stops, not what it finds on the way.
 */
export const search = async <Item, Result>(parts: SearchParts<Item, Result>): Promise<SearchResult<Item, Result>> => {
  const { itemAt, judge, isWanting, budget, shard, width, signal, nowMs, onJudged } = parts;
  const startedAtMs = nowMs();
  let started = 0;
  let judged = 0;
  const findings: Finding<Item, Result>[] = [];

  const hasBudget = () => (budget.type === 'count' ? started < budget.count : nowMs() - startedAtMs < budget.ms);

  const lane = async () => {
    while (findings.length === 0 && !signal.aborted && hasBudget()) {
      const index = itemNumber(shard, started);
      started += 1;
      const item = itemAt(index);
      const result = await judge(item);
      judged += 1;
      onJudged?.(judged);
      // Numbers are handed out in order: what is still under way when one is found was begun before it or beside it.
      if (isWanting(result)) findings.push({ index, item, result });
    }
  };

  await Promise.all(Array.from({ length: width }, lane));
  const found = findings.sort((a, b) => a.index - b.index)[0];
  return { found, judged, ended: signal.aborted ? 'interrupted' : found ? 'found' : 'budget' };
};
