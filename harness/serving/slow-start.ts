import type { Design } from './config.ts';

/** Holds requests back from a link that has just come back. */
export interface SlowStart {
  /** Hears whether the link is usable: to be called at each look at it. */
  see(isUsable: boolean): void;
  /** A request would go to the link. @returns true when it is to go elsewhere */
  holdsBack(): boolean;
}

const NEVER: SlowStart = { see: () => undefined, holdsBack: () => false };

/** Envoy's slow start for one link: of n requests in a row it gets n times the share of the moment, evenly, without a draw. */
export const createSlowStart = (policy: Design['slowStart']): SlowStart => {
  if (policy === false) return NEVER;
  let wasUsable = true;
  let backSinceMs = Number.NEGATIVE_INFINITY;
  let credit = 0;
  return {
    see(isUsable) {
      if (isUsable && !wasUsable) {
        backSinceMs = performance.now();
        credit = 0;
      }
      wasUsable = isUsable;
    },
    holdsBack() {
      const elapsedMs = performance.now() - backSinceMs;
      if (elapsedMs >= policy.windowMs) return false;
      credit += Math.max(policy.minShare, (elapsedMs / policy.windowMs) ** (1 / policy.aggression));
      if (credit < 1) return true;
      credit -= 1;
      return false;
    },
  };
};
