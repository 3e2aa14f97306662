import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WaitStrategy } from 'testcontainers';

const HOST = '127.0.0.1';
const POLL_MS = 100;
/** The engine's proxy takes a connection before it knows whether anybody listens inside, and closes it at once when nobody does. */
const STAYS_OPEN_MS = 150;

/** Whether a connection to the port says something, or stays. */
const serves = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const finish = (isServing: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isServing);
    };
    let timer = setTimeout(() => finish(false), 1_000);
    socket.once('connect', () => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(true), STAYS_OPEN_MS);
    });
    socket.once('data', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });

/**
 * Waits until each port of a container serves, as seen from outside. Testcontainers looks from inside too, by three programs a look: on a busy machine
 * engines lose the end of one, and the container is never ready.
 */
export const untilPortsServe = (): WaitStrategy => {
  let timeoutMs = 60_000;
  const strategy: WaitStrategy = {
    async waitUntilReady(_container, boundPorts) {
      const endsAtMs = performance.now() + timeoutMs;
      await Promise.all(
        [...boundPorts.iterator()].map(async ([, port]) => {
          while (!(await serves(port))) {
            if (performance.now() > endsAtMs) throw new Error(`port ${port} does not serve`);
            await sleep(POLL_MS);
          }
        }),
      );
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
