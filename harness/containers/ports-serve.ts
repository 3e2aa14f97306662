import type { WaitStrategy } from 'testcontainers';
import { connectionStays } from '../wire/connection-stays.ts';
import { pollStrategy } from './poll-strategy.ts';

const HOST = '127.0.0.1';

/**
 * Waits until each port of a container serves, as seen from outside. Testcontainers looks from inside too, by three programs a look: on a busy machine
 * engines lose the end of one, and the container is never ready.
 */
export const untilPortsServe = (): WaitStrategy =>
  pollStrategy(async (ports) => {
    const bound = [...ports.iterator()].map(([, port]) => port);
    const serving = await Promise.all(bound.map((port) => connectionStays({ host: HOST, port })));
    const silent = bound.find((_, index) => !serving[index]);
    return silent === undefined ? undefined : `port ${silent} does not serve`;
  });
