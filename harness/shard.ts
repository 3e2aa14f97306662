/** One of several machines that share a list of work: together they take each item once. */
export interface Shard {
  /** 1 to `of`. */
  readonly index: number;
  readonly of: number;
}

/** Of a list without an end: the number, from 0, of the item that the shard takes as its `turn`-th, from 0. */
export const itemNumber = ({ index, of }: Shard, turn: number): number => index - 1 + turn * of;

/** Every `of`-th item from the `index`-th on: neighbours, which are often alike in what they cost, go to different machines. */
export const itemsOf = <Item>(shard: Shard, items: readonly Item[]): readonly Item[] => {
  const own: Item[] = [];
  for (let number = itemNumber(shard, 0); number < items.length; number += shard.of) own.push(items[number]!);
  return own;
};
