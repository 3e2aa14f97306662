import { createEventHeap, type TimedEvent } from '../../event-heap.ts';

/** Virtual time: it stands still while code runs, and jumps to the next event when all of it has come to rest. */
export interface SimClock {
  /** Milliseconds since the clock's zero, which is a whole date: see `epochMs`. */
  now(): number;
  /** Plans something. A moment that has passed is now. */
  at(atMs: number, run: () => void): TimedEvent;
  after(ms: number, run: () => void): TimedEvent;
  cancel(event: TimedEvent): void;
  /** Keeps time still until work of the real world is done, such as loading a module. @returns the work's own promise */
  hold<Result>(work: Promise<Result>): Promise<Result>;
  /**
   * Runs events in order until `isOver` says so, or none is left: between two, everything that promises and `process.nextTick` hold ready is done.
   * @throws what an event throws
   */
  run(isOver: () => boolean): Promise<'over' | 'idle'>;
  /** Forgets every event, and sets the time to 0. */
  reset(): void;
  /** Events done since the last reset. */
  readonly done: number;
}

/** The virtual date of time 0: 2026-01-01T00:00:00Z. */
export const EPOCH_MS = 1_767_225_600_000;

/**
 * Node empties its microtask queue and its tick queue after each callback of `setImmediate`, without a turn of the event loop between
 * callbacks that were registered together: 0.26 us an event in batches of 64, against 1.7 us one by one (Node 24; bench/clock.ts).
 */
const BATCH = 64;
/** Cancelled events are swept out when the heap has grown to this and to twice what it had after the last sweep. */
const SWEEP_FROM = 4096;

/** So many events at one moment are a loop without end. */
const MAX_AT_ONCE = 1_000_000;
const STUCK = `${MAX_AT_ONCE.toLocaleString('en')} things happened at one moment of virtual time: something does without a pause what it would wait for in real time`;

/** @param nativeSetImmediate Node's own */
export const createSimClock = (nativeSetImmediate: (callback: () => void) => void): SimClock => {
  const heap = createEventHeap();
  let nowMs = 0;
  let sequence = 0;
  let done = 0;
  let sweepAt = SWEEP_FROM;
  let held = 0;

  const at = (atMs: number, run: () => void): TimedEvent => {
    const event: TimedEvent = { atMs: Math.max(atMs, nowMs), sequence, run };
    sequence += 1;
    heap.push(event);
    if (heap.size > sweepAt) {
      heap.sweep();
      sweepAt = Math.max(SWEEP_FROM, heap.size * 2);
    }
    return event;
  };

  return {
    now: () => nowMs,
    at,
    after: (ms, run) => at(nowMs + ms, run),
    cancel(event) {
      event.run = undefined;
    },
    hold(work) {
      held += 1;
      const release = () => {
        held -= 1;
      };
      work.then(release, release);
      return work;
    },
    run(isOver) {
      return new Promise((resolve, reject) => {
        let ended = false;
        let queued = 0;
        let atOnce = 0;
        let lastMs = -1;
        const end = (settle: () => void) => {
          ended = true;
          settle();
        };
        const step = () => {
          queued -= 1;
          if (ended) return;
          if (isOver()) return end(() => resolve('over'));
          if (held > 0) {
            if (queued === 0) nativeSetImmediate(refill);
            return;
          }
          const event = heap.pop();
          if (!event) return end(() => resolve('idle'));
          nowMs = event.atMs;
          done += 1;
          atOnce = event.atMs === lastMs ? atOnce + 1 : 0;
          lastMs = event.atMs;
          if (atOnce > MAX_AT_ONCE) return end(() => reject(new Error(STUCK)));
          const { run } = event;
          event.run = undefined;
          try {
            run!();
          } catch (error) {
            return end(() => reject(error));
          }
          if (queued === 0) refill();
        };
        const refill = () => {
          for (; queued < BATCH; queued += 1) nativeSetImmediate(step);
        };
        // The first turn lets what was begun before come to rest.
        queued = 1;
        nativeSetImmediate(() => {
          queued = 0;
          refill();
        });
      });
    },
    reset() {
      heap.clear();
      nowMs = 0;
      sequence = 0;
      done = 0;
      sweepAt = SWEEP_FROM;
    },
    get done() {
      return done;
    },
  };
};
