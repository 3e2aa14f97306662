import { connect } from 'node:net';
import type { WaitStrategy } from 'testcontainers';
import { pollStrategy } from './poll-strategy.ts';

const HOST = '127.0.0.1';
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
export const untilPortsServe = (): WaitStrategy =>
  pollStrategy(async (ports) => {
    const bound = [...ports.iterator()].map(([, port]) => port);
    const serving = await Promise.all(bound.map(serves));
    const silent = bound.find((_, index) => !serving[index]);
    return silent === undefined ? undefined : `port ${silent} does not serve`;
  });
