import type { WaitStrategy } from 'testcontainers';
import { pollStrategy } from './poll-strategy.ts';

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
export const untilHttpServes = (port: number, path: string, wanted: number): WaitStrategy =>
  pollStrategy(async (ports) =>
    (await answers(`http://127.0.0.1:${ports.getBinding(port)}${path}`, wanted))
      ? undefined
      : `${path} on port ${port} is not answered with ${wanted}`,
  );
