/** Something that the timeline does at a moment. */
export interface TimelineAction {
  /** Milliseconds after the measured timeline begins. */
  readonly atMs: number;
  /** Takes effect when it is called; the promise tells whether it worked. */
  act(): Promise<void>;
}

/** The clock of a live run: wall time that does not jump. Epoch milliseconds, the same in every thread. */
export const liveNowMs = (): number => performance.timeOrigin + performance.now();

/**
 * Does each action at its moment by the clock, so that a late one does not shift the next; of one moment in the order given. Resolves when all
 * are done, or the signal is aborted; rejects when one fails.
 * @param startEpochMs when the timeline begins, by `liveNowMs`
 */
export const runTimeline = async (
  actions: readonly TimelineAction[],
  startEpochMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const acting: Promise<void>[] = [];
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  for (const { atMs, act } of actions.toSorted((a, b) => a.atMs - b.atMs)) {
    await Promise.race([sleepUntil(startEpochMs + atMs, signal), failed.promise]);
    if (signal.aborted) return;
    acting.push(act().catch(failed.reject));
  }
  await Promise.race([Promise.all(acting), failed.promise]);
};

/** Resolves at the moment, by `liveNowMs`, or when the signal is aborted. */
const sleepUntil = (epochMs: number, signal: AbortSignal): Promise<void> => {
  const waitMs = epochMs - liveNowMs();
  // A millisecond is as fine as timers are: what is due within it is due.
  if (waitMs < 1 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, waitMs);
    signal.addEventListener('abort', finish);
  });
};
