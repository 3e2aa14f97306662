import { createEventHeap, type TimedEvent } from '../../event-heap.ts';

/** A call that is due. */
export interface Alarm {
  cancel(): void;
}

/** Calls at times to a fraction of a millisecond. */
export interface Alarms {
  /** @param delayMs from now, may be a fraction */
  after(delayMs: number, call: () => void): Alarm;
}

/**
 * Node's timers wake after whole milliseconds, and the kernel a little later: what is due within so much is called at once. With 0.7 calls are
 * as often early as late, and 0.7 ms off at most (99 of 100, see docs/benchmarks.md), where a timer for each would be late by up to one and
 * a bit.
 */
const EARLY_MS = 0.7;

/** A longer timer is none to Node: it comes at once. What is due later is waited for in steps. */
const LONGEST_MS = 2 ** 31 - 1;

/** Cancelled alarms are swept out when there are so many, and when there are twice as many as after the last sweep. */
const SWEEP_FROM = 1024;

/** One timer for any number of alarms. */
export const createAlarms = (): Alarms => {
  const heap = createEventHeap();
  let made = 0;
  let sweepAt = SWEEP_FROM;
  let timer: NodeJS.Timeout | undefined;
  let timerAtMs = Number.POSITIVE_INFINITY;

  /** A timer with nothing to wait for would keep the process up. */
  const disarm = () => {
    clearTimeout(timer);
    timerAtMs = Number.POSITIVE_INFINITY;
  };

  const arm = () => {
    const next = heap.peek();
    if (!next || next.atMs >= timerAtMs) return;
    clearTimeout(timer);
    timerAtMs = next.atMs;
    // A timer is never early: asked for less than what is left, it comes within that time before, or after.
    timer = setTimeout(wake, Math.min(LONGEST_MS, Math.max(1, Math.round(next.atMs - performance.now() - EARLY_MS))));
  };

  const wake = () => {
    timerAtMs = Number.POSITIVE_INFINITY;
    const untilMs = performance.now() + EARLY_MS;
    for (let next = heap.peek(); next && next.atMs <= untilMs; next = heap.peek()) {
      heap.pop();
      const { run } = next;
      next.run = undefined;
      run?.();
    }
    arm();
  };

  return {
    after(delayMs, call) {
      const event: TimedEvent = { atMs: performance.now() + Math.max(0, delayMs), sequence: made++, run: call };
      heap.push(event);
      if (heap.size > sweepAt) {
        heap.sweep();
        sweepAt = Math.max(SWEEP_FROM, heap.size * 2);
      }
      arm();
      return {
        cancel() {
          event.run = undefined;
          if (!heap.peek()) disarm();
        },
      };
    },
  };
};
