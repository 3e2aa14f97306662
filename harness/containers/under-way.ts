import { setTimeout as sleep } from 'node:timers/promises';
import { SquallError } from '../errors.ts';

/** What is being created on the engine: it can be removed only once it is there. */
export interface UnderWay {
  /** Begins something, and gives what is to be called when it is there, or will not be. @throws {SquallError} `CONTAINER_FAILED` once closed */
  begin(): () => void;
  /**
   * Lets nothing begin any more, and resolves when all that had begun is there.
   * @param meanwhile called every now and then as long as something is not: it may make what takes long fail
   */
  close(meanwhile: () => Promise<void>): Promise<void>;
}

const BETWEEN_LOOKS_MS = 250;
/** An engine that creates nothing for so long is not waited for: the next run removes what it creates later. */
const GIVE_UP_AFTER_MS = 20_000;

export const createUnderWay = (): UnderWay => {
  const begun = new Set<Promise<void>>();
  let isClosed = false;
  return {
    begin() {
      if (isClosed) throw new SquallError('CONTAINER_FAILED', 'The containers of this run are being removed.');
      const { promise, resolve } = Promise.withResolvers<void>();
      begun.add(promise);
      return () => {
        begun.delete(promise);
        resolve();
      };
    },
    async close(meanwhile) {
      isClosed = true;
      const endsAtMs = performance.now() + GIVE_UP_AFTER_MS;
      while (begun.size > 0 && performance.now() < endsAtMs) {
        const waiting = new AbortController();
        const pause = sleep(BETWEEN_LOOKS_MS, undefined, { signal: waiting.signal }).catch(() => undefined);
        await Promise.race([Promise.all(begun), pause]);
        waiting.abort();
        if (begun.size > 0) await meanwhile();
      }
    },
  };
};
