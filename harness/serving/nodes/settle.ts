/** A caller may have its answer before whoever made it has put that down: it gets this long for that. */
const SETTLE_MS = 1000;
const STEP_MS = 50;

/** Waits until nothing is open, or it is time. */
export const settle = async (open: () => number): Promise<void> => {
  for (let waitedMs = 0; waitedMs < SETTLE_MS && open() > 0; waitedMs += STEP_MS) {
    await new Promise((resolve) => void setTimeout(resolve, STEP_MS));
  }
};
