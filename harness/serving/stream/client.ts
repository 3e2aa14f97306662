import { openScope } from '../abort.ts';
import { messageOf } from '../errors.ts';
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

export interface StreamClientOptions {
  readonly origin: string;
  readonly fetch: typeof globalThis.fetch;
  /** Longest that a call may take beyond what it waits for on purpose. */
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const HTTP_CONFLICT = 409;

export const createStreamClient = ({ origin, fetch, timeoutMs, headers = {} }: StreamClientOptions): StreamClient => {
  const call = async (method: string, path: string, body: unknown, waitMs: number, signal: AbortSignal) => {
    const limit = { ms: waitMs + timeoutMs, reason: () => new BrokerUnavailable('The stream does not answer in time.') };
    const scope = openScope(signal, limit);
    try {
      const response = await fetch(`${origin}${path}`, {
        method,
        signal: scope.signal,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (response.ok || response.status === HTTP_CONFLICT) return { status: response.status, answer };
      throw new BrokerUnavailable(`The stream answers ${response.status}.`);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof BrokerUnavailable) throw error;
      throw new BrokerUnavailable(`The stream cannot be reached: ${messageOf(error)}`);
    } finally {
      scope.close();
    }
  };

  return {
    committed: async (partition, signal) =>
      (await call('GET', `/partitions/${partition}`, undefined, 0, signal)).answer as Committed,
    read: async ({ partition, from, max, waitMs }, signal) =>
      (await call('GET', `/partitions/${partition}/events?from=${from}&max=${max}&waitMs=${waitMs}`, undefined, waitMs, signal))
        .answer as { events: LoggedEvent[]; head: number },
    commit: async (commit, signal) => (await call('POST', '/commits', commit, 0, signal)).status !== HTTP_CONFLICT,
    async addResults(results, signal) {
      await call('POST', '/results', { results }, 0, signal);
    },
  };
};
