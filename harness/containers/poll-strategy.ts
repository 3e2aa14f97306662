import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundPorts, WaitStrategy } from 'testcontainers';

const POLL_MS = 100;

/**
 * Looks again and again from outside until something of a container serves.
 * @param look makes a look of the container's ports; resolves to what does not serve, undefined when nothing is missing
 */
export const pollStrategy = (look: (ports: BoundPorts) => Promise<string | undefined>): WaitStrategy => {
  let timeoutMs = 60_000;
  const strategy: WaitStrategy = {
    async waitUntilReady(_container, boundPorts) {
      const endsAtMs = performance.now() + timeoutMs;
      for (let problem = await look(boundPorts); problem !== undefined; problem = await look(boundPorts)) {
        if (performance.now() > endsAtMs) throw new Error(problem);
        await sleep(POLL_MS);
      }
    },
    withStartupTimeout(ms) {
      timeoutMs = ms;
      return strategy;
    },
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => timeoutMs,
  };
  return strategy;
};
