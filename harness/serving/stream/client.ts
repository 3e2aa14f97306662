import { createJsonCall, type JsonCall, type JsonCallOptions } from '../nodes/json-call.ts';
import type { JobResult } from '../queue/job.ts';
import { BrokerUnavailable } from '../queue/job-queue.ts';
import type { Commit, Committed, LoggedEvent } from './event.ts';

/** A stream as a processor has it. Each call rejects with `BrokerUnavailable`, or with the signal's reason. */
export interface StreamClient {
  committed(partition: number, signal: AbortSignal): Promise<Committed>;
  read(ask: ReadAsk, signal: AbortSignal): Promise<{ readonly events: readonly LoggedEvent[]; readonly head: number }>;
  /** @returns false when another processor has gone on from there */
  commit(commit: Commit, signal: AbortSignal): Promise<boolean>;
  addResults(results: readonly JobResult[], signal: AbortSignal): Promise<void>;
}

export interface ReadAsk {
  readonly partition: number;
  readonly from: number;
  readonly max: number;
  readonly waitMs: number;
}

const HTTP_CONFLICT = 409;

export const createStreamClient = (options: JsonCallOptions): StreamClient => {
  const send = createJsonCall('stream', options);
  const call = async (asked: JsonCall, signal: AbortSignal) => {
    const { status, isOk, body: answer } = await send(asked, signal);
    if (isOk || status === HTTP_CONFLICT) return { status, answer };
    throw new BrokerUnavailable(`The stream answers ${status}.`);
  };

  return {
    committed: async (partition, signal) =>
      (await call({ method: 'GET', path: `/partitions/${partition}` }, signal)).answer as Committed,
    read: async ({ partition, from, max, waitMs }, signal) =>
      (
        await call(
          { method: 'GET', path: `/partitions/${partition}/events?from=${from}&max=${max}&waitMs=${waitMs}`, waitMs },
          signal,
        )
      ).answer as { events: LoggedEvent[]; head: number },
    commit: async (commit, signal) =>
      (await call({ method: 'POST', path: '/commits', body: commit }, signal)).status !== HTTP_CONFLICT,
    async addResults(results, signal) {
      await call({ method: 'POST', path: '/results', body: { results } }, signal);
    },
  };
};
