/** How many attempts one link may have under way so that no queue stands in front of it: found out by how long its answers take. */
export interface LinkLimit {
  /** Attempts, at least `FLOOR`. */
  readonly value: number;
  /** An attempt has ended. */
  record(attempt: EndedAttempt): void;
}

export interface EndedAttempt {
  readonly latencyMs: number;
  /** How many were under way on the link when it began, itself included. */
  readonly inFlight: number;
  /** It was throttled, or given up for its slowness. */
  readonly isDropped: boolean;
}

/** With fewer under way a link has no queue of this gateway's making: what its answers take then is what they take. */
export const FLOOR = 2;
/** Low enough to see an idle link's latency first; doubled each time it is in the way, until something queues. */
const INITIAL = 4;

/** Between two looks at the limit: at least that long, and that many attempts. */
const WINDOW_MS = 100;
const WINDOW_ATTEMPTS = 8;

/** A share of dropped attempts below this is the network's luck, not load. */
const DROPS_FROM = 0.1;
/** What a window of drops leaves of the limit, and the least that one of queueing does. */
const LEFT_AFTER_DROPS = 0.8;
const LEFT_AT_LEAST = 0.5;

const medianOf = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/**
 * Little's law at work: a link that is busy takes as long as what is under way on it, divided by what it gets done. So where answers take longer
 * than unloaded ones and the target together, the limit shrinks by that ratio; where it is in the way and they do not, it grows.
 *
 * The idea is that of Netflix's concurrency-limits (its README, read November 2026: `Limit = average RPS * average latency`); here medians of
 * windows are compared rather than single answers, and what an unloaded answer takes is only believed to be more than the least
 * that was seen when the limit is at its floor. Theirs is measured anew at intervals, under whatever load there is then, and creeps up in a long overload.
 *
 * @param targetMs what queueing may add to an answer
 * @param max the value never exceeds it
 */
export const createLinkLimit = (targetMs: number, max: number): LinkLimit => {
  let limit = Math.min(INITIAL, max);
  let isStarting = true;
  /** What an unloaded answer takes, milliseconds. */
  let unloadedMs = Number.POSITIVE_INFINITY;
  let latencies: number[] = [];
  let drops = 0;
  let mostInFlight = 0;
  let openedAtMs = performance.now();

  const shrink = (share: number) => {
    isStarting = false;
    limit = Math.max(Math.min(FLOOR, max), limit * share);
  };

  const grow = () => {
    limit = Math.min(max, isStarting ? limit * 2 : limit + Math.max(1, limit / 10));
  };

  const review = () => {
    const isDropping = drops > (latencies.length + drops) * DROPS_FROM;
    if (latencies.length === 0) return shrink(LEFT_AFTER_DROPS);
    const medianMs = medianOf(latencies);
    unloadedMs = limit <= FLOOR ? medianMs : Math.min(unloadedMs, medianMs);
    const share = Math.max(LEFT_AT_LEAST, (unloadedMs + targetMs) / medianMs);
    if (isDropping) shrink(Math.min(LEFT_AFTER_DROPS, share));
    else if (share < 1) shrink(share);
    else if (mostInFlight >= Math.floor(limit)) grow();
  };

  return {
    get value() {
      return Math.floor(limit);
    },
    record({ latencyMs, inFlight, isDropped }) {
      if (isDropped) drops += 1;
      else latencies.push(latencyMs);
      if (inFlight > mostInFlight) mostInFlight = inFlight;
      if (latencies.length + drops < WINDOW_ATTEMPTS) return;
      const nowMs = performance.now();
      if (nowMs - openedAtMs < WINDOW_MS) return;
      review();
      latencies = [];
      drops = 0;
      mostInFlight = 0;
      openedAtMs = nowMs;
    },
  };
};
