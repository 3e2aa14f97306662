import type { Alarm } from '../tcp/alarms.ts';
import { createHeld } from './held.ts';
import type { Stage, StageContext } from './toxic.ts';

/** Bytes go on in slices of so many milliseconds, or one byte where the rate is lower than that: shorter ones cost wake-ups and show no one more. */
const SLICE_MS = 5;

/** What is due so soon goes at once: a timer would be later than that. */
const AT_ONCE_MS = 0.5;

/** A sender that was stopped needs so long to say more: the line is not taken for idle meanwhile. */
const REFILL_MS = 0.5;

/**
 * An alarm may be so late that all that is held goes at once, and the line has stood still for want of bytes: that time is made up for, up
 * to so much, as the sender is not to blame.
 */
const MAKES_UP_MS = 250;

/**
 * A line of so many bytes a millisecond: a byte goes on when all that came before it and itself have been sent at that rate. What is owed
 * is counted from when the line became busy, so that late alarms even out.
 * @param rate bytes a millisecond; with 0 or less nothing passes
 */
export const createPaced = (
  rate: number,
  context: Pick<StageContext, 'next' | 'now' | 'after' | 'hold' | 'landed' | 'delayed'>,
): Stage => {
  const { next, now, after, landed, delayed } = context;
  const held = createHeld(context);
  let alarm: Alarm | undefined;
  /** When the line became busy, idle times left out, and what has gone on since. */
  let busyFromMs = now();
  let sent = 0;
  /** When all had gone on. */
  let idleFromMs = busyFromMs;
  let waiting = 0;

  const freeAtMs = () => busyFromMs + sent / rate;
  const wait = () => {
    if (rate <= 0) return;
    const dueBytes = sent + Math.min(waiting, Math.max(1, Math.floor(rate * SLICE_MS)));
    const inMs = busyFromMs + dueBytes / rate - now();
    if (inMs <= AT_ONCE_MS) send(dueBytes);
    else alarm = after(inMs, () => send(dueBytes));
  };
  const send = (dueBytes: number) => {
    alarm = undefined;
    const passed = held.handOnBytes(Math.max(dueBytes, Math.round((now() - busyFromMs) * rate)) - sent);
    sent += passed;
    waiting -= passed;
    if (held.isEmpty) idleFromMs = now();
    else wait();
  };

  return {
    write(bytes) {
      if (held.isEmpty && rate > 0) {
        const idleMs = now() - Math.max(idleFromMs, freeAtMs());
        if (idleMs > REFILL_MS) busyFromMs += idleMs;
        busyFromMs += Math.max(0, now() - freeAtMs() - MAKES_UP_MS);
      }
      waiting += bytes.length;
      held.push(bytes);
      landed();
      if (rate > 0) delayed(Math.max(0, busyFromMs + (sent + waiting) / rate - now()));
      if (!alarm) wait();
    },
    end() {
      if (held.isEmpty) next.end();
      else held.push(null);
    },
    release() {
      alarm?.cancel();
      held.flush();
    },
  };
};
