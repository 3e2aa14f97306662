/** Callers that wait for something to change. */
export interface Waiting {
  /** Something has changed: everyone looks again. */
  wake(): void;
  /** Resolves at the next `wake`, at the latest after `maxMs`, when the signal aborts, or at `stop`. */
  wait(maxMs: number, signal: AbortSignal): Promise<void>;
  /** Wakes everyone; nobody waits from then on. */
  stop(): void;
  readonly isStopped: boolean;
}

export const createWaiting = (): Waiting => {
  const waiters = new Set<() => void>();
  let isStopped = false;
  const wake = () => {
    for (const waiter of [...waiters]) waiter();
  };
  return {
    wake,
    wait: (maxMs, signal) =>
      new Promise((resolve) => {
        if (isStopped || signal.aborted || !(maxMs > 0)) return resolve();
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          waiters.delete(end);
          resolve();
        };
        const timer = setTimeout(end, Math.ceil(maxMs));
        signal.addEventListener('abort', end);
        waiters.add(end);
      }),
    stop() {
      isStopped = true;
      wake();
    },
    get isStopped() {
      return isStopped;
    },
  };
};

/**
 * Looks until there is something to see.
 * @param look undefined when there is nothing yet
 * @param nextMs how long until a look is worthwhile though nothing wakes; Infinity where only a wake can help
 */
export const lookUntil = async <Seen>(
  waiting: Waiting,
  look: () => Seen | undefined,
  { waitMs, signal, nextMs }: { readonly waitMs: number; readonly signal: AbortSignal; nextMs(): number },
): Promise<Seen | undefined> => {
  const endsAtMs = performance.now() + waitMs;
  for (;;) {
    if (waiting.isStopped || signal.aborted) return undefined;
    const seen = look();
    const leftMs = endsAtMs - performance.now();
    if (seen !== undefined || leftMs < 1) return seen;
    await waiting.wait(Math.max(1, Math.min(leftMs, nextMs())), signal);
  }
};
