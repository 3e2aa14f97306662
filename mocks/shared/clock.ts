/** A provider's clock: that of the machine, and by how much it is off. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** @param offsetMs that it is ahead of the machine's; below 0 behind */
  set(offsetMs: number): void;
  /** Whether it has ever been set: then answers say what time it is. */
  readonly hasBeenSet: boolean;
}

export const createClock = (): Clock => {
  let offsetMs = 0;
  let hasBeenSet = false;
  return {
    nowMs: () => Date.now() + offsetMs,
    set(newOffsetMs) {
      offsetMs = newOffsetMs;
      hasBeenSet = true;
    },
    get hasBeenSet() {
      return hasBeenSet;
    },
  };
};
