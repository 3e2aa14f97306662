import { NoHost, QueueFull } from './capacity.ts';

/** What has slots. */
export interface SlotHost {
  /** Takes new tasks. */
  isServing: boolean;
  taken: number;
  /** When it was last given a task, in tasks: of two that are as busy, the one that has waited longer is next. */
  turn: number;
}

/** Gives tasks to hosts, with a first-in, first-out queue before them. */
export interface Dispatch<One extends SlotHost> {
  /**
   * @throws {QueueFull} at once, when all slots and queue places are taken
   * @throws {NoHost} when no host serves, or none does any more while it waits
   */
  acquire(): Promise<One>;
  release(host: One): void;
  /** Hosts have come or gone: fills the free slots from the queue, or empties it where no host is left. */
  refill(): void;
  /** Tasks in the queue. */
  readonly waiting: number;
}

interface Waiter<One> {
  readonly resolve: (host: One) => void;
  readonly reject: (error: Error) => void;
}

const noHost = () => new NoHost('no instance serves');

/**
 * The host with the fewest tasks is next, as SageMaker's LEAST_OUTSTANDING_REQUESTS and Envoy's LEAST_REQUEST have it.
 * @param hosts all that there are @param concurrency slots of each, at least 1 @param queueLimit tasks that may wait, at least 0
 */
export const createDispatch = <One extends SlotHost>(
  hosts: readonly One[],
  concurrency: number,
  queueLimit: number,
): Dispatch<One> => {
  const waiting: Waiter<One>[] = [];
  let turns = 0;

  const free = (): One | undefined => {
    let best: One | undefined;
    for (const host of hosts) {
      if (!host.isServing || host.taken >= concurrency) continue;
      if (best === undefined || host.taken < best.taken || (host.taken === best.taken && host.turn < best.turn)) best = host;
    }
    return best;
  };

  const give = (host: One): One => {
    host.taken += 1;
    turns += 1;
    host.turn = turns;
    return host;
  };

  return {
    async acquire() {
      const host = free();
      if (host) return give(host);
      if (!hosts.some(({ isServing }) => isServing)) throw noHost();
      if (waiting.length >= queueLimit) throw new QueueFull('all slots and queue places are taken');
      return await new Promise<One>((resolve, reject) => waiting.push({ resolve, reject }));
    },
    release(host) {
      host.taken -= 1;
      const next = host.isServing ? waiting.shift() : undefined;
      if (next) next.resolve(give(host));
    },
    refill() {
      if (!hosts.some(({ isServing }) => isServing)) {
        for (const { reject } of waiting.splice(0)) reject(noHost());
        return;
      }
      for (let host = free(); host && waiting.length > 0; host = free()) waiting.shift()!.resolve(give(host));
    },
    get waiting() {
      return waiting.length;
    },
  };
};
