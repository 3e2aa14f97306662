import type { Attempt } from './attempts.ts';
import type { Lane } from './lane.ts';
import type { Loop, LoopOptions } from './loop.ts';

/**
 * Sends each arrival when it is due, whatever has become of those before it. When no lane is idle, arrivals wait in order, and their
 * clocks run: so a stall of the system under test is seen by everyone who would have met it (no coordinated omission).
 * @param arrivals due times, in order
 */
export const openLoop = (arrivals: Iterator<number>, { nowMs, begin, onExhausted }: LoopOptions): Loop => {
  /** The lane that was idle last is used first, so that no more connections are open than the load needs. */
  const idle: Lane[] = [];
  const waiting = new Set<Attempt>();
  let timer: NodeJS.Timeout | undefined;
  let next = arrivals.next();

  const arrive = (dueMs: number) => {
    const attempt = begin(dueMs);
    const lane = idle.pop();
    if (lane) attempt.sendOn(lane);
    else waiting.add(attempt);
  };

  // Each arrival is waited for by its absolute time: lateness does not add up.
  const dispatch = () => {
    while (!next.done && next.value <= nowMs()) {
      arrive(next.value);
      next = arrivals.next();
    }
    if (next.done) onExhausted();
    else timer = setTimeout(dispatch, Math.max(0, Math.ceil(next.value - nowMs())));
  };

  return {
    start(lanes) {
      idle.push(...lanes);
      dispatch();
    },
    onIdle(lane) {
      const [first] = waiting;
      if (!first) idle.push(lane);
      else {
        waiting.delete(first);
        first.sendOn(lane);
      }
    },
    onSettled(attempt) {
      waiting.delete(attempt);
    },
    stop: () => clearTimeout(timer),
  };
};
