import type { Lane } from './lane.ts';
import type { Loop, LoopOptions } from './loop.ts';

/** How long a lane pauses when its connection was lost, milliseconds: nobody reconnects to a dead server in a tight loop. */
const PAUSE_AFTER_LOSS_MS = 100;

/** Sends on each lane as soon as it has its answer: a request is due when it is sent. */
export const closedLoop = (
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  { nowMs, begin, onExhausted }: LoopOptions,
): Loop => {
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;

  const later = (ms: number, task: () => void) => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        task();
      },
      Math.max(0, Math.ceil(ms)),
    );
    timers.add(timer);
  };

  const sendNext = (lane: Lane) => {
    const dueMs = nowMs();
    if (!isStopped && dueMs < endMs) begin(dueMs).sendOn(lane);
  };

  return {
    start(lanes) {
      later(startMs - nowMs(), () => lanes.forEach(sendNext));
      later(endMs - nowMs(), onExhausted);
    },
    onIdle(lane, after) {
      if (after === 'lost') later(PAUSE_AFTER_LOSS_MS, () => sendNext(lane));
      else sendNext(lane);
    },
    onSettled() {},
    stop() {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
