import { setTimeout as pause } from 'node:timers/promises';
import { SquallError } from '../../../errors.ts';
import { connectionStays } from '../../../wire/connection-stays.ts';

const EVERY_MS = 50;
const DEFAULT_WITHIN_MS = 10_000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Waits until a dependency that somebody else runs takes a connection, as for a system under test that runs already.
 * @param name of `topology.containers`
 * @param signal gives up waiting, by a rejection
 * @param withinMs milliseconds
 * @throws {SquallError} `CONTAINER_FAILED` when nobody does
 */
export const untilThere = async (
  name: string,
  origin: string,
  signal: AbortSignal,
  withinMs = DEFAULT_WITHIN_MS,
): Promise<void> => {
  const { protocol, hostname, port } = new URL(origin);
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || DEFAULT_PORTS[protocol]) };
  const deadlineMs = performance.now() + withinMs;
  while (!(await connectionStays(address))) {
    signal.throwIfAborted();
    if (performance.now() >= deadlineMs)
      throw new SquallError(
        'CONTAINER_FAILED',
        `topology.containers.${name}.url: nobody answers at ${origin}: squall asked for ${withinMs / 1000} s, and no connection is taken there.`,
        'Start it before the run, or name its `image` in place of `url`: squall starts that.',
      );
    // What it throws when it is aborted is not the reason.
    await pause(EVERY_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
};
