import type { Design } from './config.ts';
import { LinkError } from './errors.ts';

/** What time it is at a provider: what is signed for it is dated by this. */
export interface ProviderClock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Milliseconds that the provider is ahead, as far as is known. */
  readonly offsetMs: number;
  /**
   * Hears of a refusal: it says what time it is at the provider.
   * @returns whether the clock has been set by it
   */
  learn(refusal: unknown): boolean;
}

/** The date of an answer is in whole seconds, and as old as the answer was on its way. */
const TOLERANCE_MS = 5000;

/** Milliseconds that a refused request's answer is ahead of the own clock; undefined where it does not say. */
const offsetIn = (refusal: unknown): number | undefined => {
  if (!(refusal instanceof LinkError)) return undefined;
  return refusal.providerOffsetMs ?? offsetIn(refusal.cause);
};

/** As AWS's SDKs do it: the clock is set by the date of a refusal when that is far off, and left alone otherwise. */
export const createProviderClock = (policy: Design['clockCorrection']): ProviderClock => {
  let offsetMs = 0;
  return {
    nowMs: () => Date.now() + offsetMs,
    get offsetMs() {
      return offsetMs;
    },
    learn(refusal) {
      const seenMs = policy === false ? undefined : offsetIn(refusal);
      if (seenMs === undefined || Math.abs(seenMs - offsetMs) < TOLERANCE_MS) return false;
      offsetMs = Math.abs(seenMs) < TOLERANCE_MS ? 0 : seenMs;
      return true;
    },
  };
};
