/**
 * Works on what comes side by side, and gives the results in the order in which it came.
 * @param limit most that are under way; no more is read until the first of them is done
 * @param work never rejects
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const iterator = items[Symbol.asyncIterator]();
  const underWay: Promise<Result>[] = [];
  let next: Promise<IteratorResult<Item>> | undefined = iterator.next();
  while (next || underWay.length > 0) {
    const [first] = underWay;
    const isDone = first?.then(() => true);
    const hasCome = underWay.length < limit && next ? next.then(() => false) : undefined;
    if (await Promise.race([isDone, hasCome].filter((one) => one !== undefined))) {
      underWay.shift();
      yield await first!;
    } else {
      const { done, value }: IteratorResult<Item> = await next!;
      if (!done) underWay.push(work(value));
      next = done ? undefined : iterator.next();
    }
  }
}
