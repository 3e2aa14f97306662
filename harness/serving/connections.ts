import type { Design } from './config.ts';

/** The connections that the gateway may have in use to all providers together. */
export interface Connections {
  /** Runs a task on a connection, and waits for one first, the first who came first. Ends with the signal's reason when that aborts. */
  run<Result>(task: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

/** HTTP/1.1 carries one request at a time a connection: what is bounded is requests under way. */
export const createConnections = (policy: Design['connections']): Connections => {
  if (policy === false) return { run: (task) => task() };
  let inUse = 0;
  const waiting = new Set<() => void>();

  const acquire = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const take = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.delete(take);
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      waiting.add(take);
      signal.addEventListener('abort', giveUp);
    });

  /** One that is free goes straight to who waits the longest. */
  const release = () => {
    const [next] = waiting;
    if (next === undefined) {
      inUse -= 1;
      return;
    }
    waiting.delete(next);
    next();
  };

  return {
    async run(task, signal) {
      if (inUse < policy.max) inUse += 1;
      else await acquire(signal);
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
};
