/** Fixed number of slots with a first-in, first-out queue before them. */
export interface Slots {
  /**
   * Runs `task` when a slot is free, and holds the slot until it settles.
   * @throws {QueueFull} at once, when all slots and queue places are taken
   */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

/** No slot is free and the queue has no place left. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/**
 * Written here because cockatiel's bulkhead lets a newcomer overtake, and then reject, a queued task.
 * @param concurrency slots, at least 1
 * @param queueLimit tasks that may wait, at least 0
 */
export const createSlots = (concurrency: number, queueLimit: number): Slots => {
  let taken = 0;
  const waiting: (() => void)[] = [];

  const acquire = async () => {
    if (taken < concurrency) {
      taken += 1;
      return;
    }
    if (waiting.length >= queueLimit) throw new QueueFull('all slots and queue places are taken');
    // A freed slot passes straight to the first in the queue: `taken` does not change.
    await new Promise<void>((resolve) => waiting.push(resolve));
  };

  const release = () => {
    const next = waiting.shift();
    if (next) next();
    else taken -= 1;
  };

  return {
    async run(task) {
      await acquire();
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
};
