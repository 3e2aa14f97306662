import type { Readable } from 'node:stream';

/** Why a source is not read from. */
export type PauseReason = 'reader is full' | 'held by a fault' | 'waiting for its turn' | 'its answers are not read';

/** Several parties may stop a source; it flows when none does. */
export interface Tap {
  set(reason: PauseReason, isOn: boolean): void;
}

export const createTap = (source: Pick<Readable, 'pause' | 'resume'>): Tap => {
  const reasons = new Set<PauseReason>();
  return {
    set(reason, isOn) {
      if (reasons.has(reason) === isOn) return;
      if (isOn) reasons.add(reason);
      else reasons.delete(reason);
      if (reasons.size === 0) source.resume();
      else if (isOn && reasons.size === 1) source.pause();
    },
  };
};
