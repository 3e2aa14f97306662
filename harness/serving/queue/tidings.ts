import { createWaiting, type Waiting } from './waiting.ts';

/** What callers wait for that is asked for somewhere else: news of one thing by its name, and a look now and then. */
export interface Tidings {
  /** Something has come of it: whoever waits for it looks. */
  tell(name: string): void;
  /** Looks until it is seen, or the time is over. @returns what was seen last */
  lookUntil<Seen>(name: string, look: () => Promise<Seen>, options: LookOptions<Seen>): Promise<Seen>;
  /** Nobody waits from then on. */
  stop(): void;
}

export interface LookOptions<Seen> {
  isSeen(seen: Seen): boolean;
  readonly waitMs: number;
  /** Longest time between two looks. */
  readonly againMs: number;
  readonly signal: AbortSignal;
}

interface Awaited {
  readonly waiting: Waiting;
  callers: number;
  /** How often it was told of. */
  told: number;
}

export const createTidings = (): Tidings => {
  const awaited = new Map<string, Awaited>();
  let isStopped = false;

  return {
    tell(name) {
      const one = awaited.get(name);
      if (!one) return;
      one.told += 1;
      one.waiting.wake();
    },
    async lookUntil(name, look, { isSeen, waitMs, againMs, signal }) {
      const endsAtMs = performance.now() + waitMs;
      const one = awaited.get(name) ?? { waiting: createWaiting(), callers: 0, told: 0 };
      awaited.set(name, one);
      one.callers += 1;
      try {
        for (;;) {
          const { told } = one;
          const seen = await look();
          const leftMs = endsAtMs - performance.now();
          if (isSeen(seen) || leftMs < 1 || signal.aborted || isStopped) return seen;
          // What was told of during the look may have been missed by it.
          if (one.told === told) await one.waiting.wait(Math.min(leftMs, againMs), signal);
        }
      } finally {
        one.callers -= 1;
        if (one.callers === 0) awaited.delete(name);
      }
    },
    stop() {
      isStopped = true;
      for (const { waiting } of awaited.values()) waiting.stop();
    },
  };
};
