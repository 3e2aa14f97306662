import { setTimeout as sleep } from 'node:timers/promises';
import type { WaitStrategy } from 'testcontainers';

const POLL_MS = 100;
const LOOK_MS = 1_000;

const answers = async (url: string, status: number): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(LOOK_MS), redirect: 'manual' });
    await response.body?.cancel();
    return response.status === status;
  } catch {
    return false;
  }
};

/** Waits until a path is answered with a status, as seen from this machine's loopback, where ports are published. */
export const untilHttpServes = (port: number, path: string, wanted: number): WaitStrategy => {
  let timeoutMs = 60_000;
  const strategy: WaitStrategy = {
    async waitUntilReady(_container, boundPorts) {
      const url = `http://127.0.0.1:${boundPorts.getBinding(port)}${path}`;
      const endsAtMs = performance.now() + timeoutMs;
      while (!(await answers(url, wanted))) {
        if (performance.now() > endsAtMs) throw new Error(`${path} on port ${port} is not answered with ${wanted}`);
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
