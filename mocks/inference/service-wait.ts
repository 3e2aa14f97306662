/** Waits for drawn times so that they hold on average, although timers keep whole milliseconds and fire late. */
export interface ServiceWait {
  /** Resolves after about so many milliseconds; by how much it was wrong is taken off the waits to come. */
  wait(ms: number): Promise<void>;
}

/**
 * Most that is taken off at once, milliseconds: a stall of the machine is not made up for by services that take no time at all. Timers fire 0.4 ms late on
 * an idle machine (Node 24), and up to some milliseconds late on a busy one.
 */
const MAX_OWED_MS = 5;

/** One for each endpoint: without it a region's capacity would shrink with the load of the machine that emulates it. */
export const createServiceWait = (): ServiceWait => {
  let owedMs = 0;
  return {
    async wait(ms) {
      const wantedMs = ms - owedMs;
      owedMs = 0;
      const startedAtMs = performance.now();
      const timerMs = Math.round(wantedMs);
      if (timerMs >= 1) await new Promise((resolve) => setTimeout(resolve, timerMs));
      const wrongMs = performance.now() - startedAtMs - wantedMs;
      owedMs = Math.max(-MAX_OWED_MS, Math.min(MAX_OWED_MS, owedMs + wrongMs));
    },
  };
};
