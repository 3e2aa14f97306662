import { openScope } from '../abort.ts';
import { messageOf } from '../errors.ts';
import type { PartHeader } from '../identity/part-token.ts';
import { BrokerUnavailable } from '../queue/job-queue.ts';

export interface JsonCallOptions {
  /** Where the node is reached, e.g. `http://127.0.0.1:20011`. */
  readonly origin: string;
  readonly fetch: typeof globalThis.fetch;
  /** Longest that a call may take beyond what it waits for on purpose. */
  readonly timeoutMs: number;
  /** Headers of every call: who calls. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How the caller makes itself known; left out: it does not. */
  readonly authorization?: PartHeader;
}

/** A call of a node. */
export interface JsonCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** What it may wait for on purpose. */
  readonly waitMs?: number;
}

/** What a node answers, whatever its status. */
export interface JsonAnswer {
  readonly status: number;
  readonly isOk: boolean;
  readonly body: unknown;
}

/**
 * Calls of a node, over HTTP with JSON. They reject with `BrokerUnavailable` when no answer comes, or with the signal's reason.
 * @param who names the node in errors, as `queue`
 */
export const createJsonCall =
  (who: string, { origin, fetch, timeoutMs, headers = {}, authorization: headerOf }: JsonCallOptions) =>
  async ({ method, path, body, waitMs = 0 }: JsonCall, signal: AbortSignal): Promise<JsonAnswer> => {
    const limit = { ms: waitMs + timeoutMs, reason: () => new BrokerUnavailable(`The ${who} does not answer in time.`) };
    const scope = openScope(signal, limit);
    try {
      const authorization = await headerOf?.();
      const response = await fetch(`${origin}${path}`, {
        method,
        signal: scope.signal,
        headers: {
          ...headers,
          ...(authorization === undefined ? {} : { authorization }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, isOk: response.ok, body: await response.json() };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof BrokerUnavailable) throw error;
      throw new BrokerUnavailable(`The ${who} cannot be reached: ${messageOf(error)}`);
    } finally {
      scope.close();
    }
  };
