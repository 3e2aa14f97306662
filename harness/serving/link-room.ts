import { createLinkLimit, type LinkLimit } from './admission/link-limit.ts';
import type { Design } from './config.ts';

/** What is under way on one link, and how much may be. */
export interface LinkRoom {
  /** Attempts under way. */
  readonly inFlight: number;
  /** The bulkhead lets no more in. */
  readonly isFull: boolean;
  /** As many are under way as it gets done without a queue: others are asked first. */
  readonly isBusy: boolean;
  /** Attempts that it gets done without a queue; Infinity when nobody keeps count. */
  readonly limit: number;
  /** An attempt begins. @returns to be called when it has ended */
  enter(): LeaveRoom;
}

/** @param end `dropped` is throttled, or given up for its slowness; `ended` says nothing of how busy the link is */
export type LeaveRoom = (end: 'answered' | 'dropped' | 'ended', latencyMs: number) => void;

/** @returns a room whose counting costs an addition an attempt where neither bulkhead nor adaptive admission is on */
export const createLinkRoom = ({ bulkhead, admission }: Pick<Design, 'bulkhead' | 'admission'>): LinkRoom => {
  const most = bulkhead ? bulkhead.maxInFlight : Number.POSITIVE_INFINITY;
  const limit: LinkLimit | null =
    admission && admission.limit === 'adaptive'
      ? createLinkLimit(admission.queueTargetMs, Math.min(admission.maxInFlight, most))
      : null;
  let inFlight = 0;
  const leave = () => {
    inFlight -= 1;
  };
  return {
    get inFlight() {
      return inFlight;
    },
    get isFull() {
      return inFlight >= most;
    },
    get isBusy() {
      return limit !== null && inFlight >= limit.value;
    },
    get limit() {
      return limit ? limit.value : most;
    },
    enter() {
      inFlight += 1;
      if (!limit) return leave;
      const begunWith = inFlight;
      return (end, latencyMs) => {
        leave();
        if (end !== 'ended') limit.record({ latencyMs, inFlight: begunWith, isDropped: end === 'dropped' });
      };
    },
  };
};
