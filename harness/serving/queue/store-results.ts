import type { ResultStore } from './job-queue.ts';
import type { QueueStore } from './store.ts';
import { createWaiting, lookUntil } from './waiting.ts';

/** The results of a store as the seam has them: for brokers that keep none. */
export const createStoreResults = (store: Pick<QueueStore, 'putResult' | 'resultOf' | 'resultsAfter'>): ResultStore => {
  const changed = createWaiting();
  const put: ResultStore['put'] = async (result) => {
    const outcome = store.putResult(result, true, Date.now());
    changed.wake();
    return outcome;
  };
  const nextMs = () => Number.POSITIVE_INFINITY;
  return {
    put,
    async append(result) {
      store.putResult(result, false, Date.now());
      changed.wake();
    },
    get: (jobId, waitMs, signal) => lookUntil(changed, () => store.resultOf(jobId), { waitMs, signal, nextMs }),
    async read(cursor, max, waitMs, signal) {
      const look = () => {
        const results = store.resultsAfter(cursor, max);
        return results.length > 0 ? results : undefined;
      };
      return (await lookUntil(changed, look, { waitMs, signal, nextMs })) ?? [];
    },
  };
};
