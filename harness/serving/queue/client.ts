import { openScope } from '../abort.ts';
import { messageOf } from '../errors.ts';
import type { DeadLetter, JobResult, JobState, Lease, LoggedResult, QueueFigures } from './job.ts';
import { type Broker, BrokerUnavailable, JobRefused } from './job-queue.ts';

export interface QueueClientOptions {
  /** Where the queue service is reached, e.g. `http://127.0.0.1:20011`. */
  readonly origin: string;
  readonly fetch: typeof globalThis.fetch;
  /** Longest that a call may take beyond what it waits for on purpose. */
  readonly timeoutMs: number;
  /** Headers of every call: who calls. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call of the queue service. */
interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** What it may wait for on purpose. */
  readonly waitMs?: number;
}

interface Answered<Body> {
  readonly status: number;
  readonly body: Body;
}

const HTTP_GONE = 410;
const REFUSALS: Readonly<Record<number, JobRefused['kind']>> = { 400: 'bad-request', 413: 'too-large' };
/** How the service begins to say that it takes no more jobs (service.ts). */
const QUEUE_FULL = 'The queue is full';

/** The stack's own queue service (service.ts) as a broker. */
export const createQueueClient = ({ origin, fetch, timeoutMs, headers = {} }: QueueClientOptions): Broker => {
  const call = async <Body>({ method, path, body, waitMs = 0 }: Call, signal: AbortSignal): Promise<Answered<Body>> => {
    const limit = { ms: waitMs + timeoutMs, reason: () => new BrokerUnavailable('The queue does not answer in time.') };
    const scope = openScope(signal, limit);
    try {
      const response = await fetch(`${origin}${path}`, {
        method,
        signal: scope.signal,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as Body & { readonly error?: string };
      if (response.ok || response.status === HTTP_GONE || response.status === 404)
        return { status: response.status, body: answer };
      const said = answer.error ?? `status ${response.status}`;
      const kind = said.startsWith(QUEUE_FULL) ? 'queue-full' : REFUSALS[response.status];
      throw kind ? new JobRefused(kind, said) : new BrokerUnavailable(`The queue answers ${response.status}: ${said}`);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof BrokerUnavailable || error instanceof JobRefused) throw error;
      throw new BrokerUnavailable(`The queue cannot be reached: ${messageOf(error)}`);
    } finally {
      scope.close();
    }
  };
  const post = <Body>(path: string, body: unknown, signal: AbortSignal, waitMs = 0) =>
    call<Body>({ method: 'POST', path, body, waitMs }, signal);
  const get = <Body>(path: string, signal: AbortSignal, waitMs = 0) => call<Body>({ method: 'GET', path, waitMs }, signal);
  const ofLease = async (path: string, lease: Lease, rest: object, signal: AbortSignal): Promise<boolean> =>
    (await post(path, { receipt: lease.receipt, ...rest }, signal)).status !== HTTP_GONE;

  return {
    queue: {
      send: async (job, signal) => (await post<{ sent: 'accepted' | 'known' }>('/jobs', job, signal)).body.sent,
      receive: async (ask, signal) => (await post<{ leases: Lease[] }>('/jobs/receive', ask, signal, ask.waitMs)).body.leases,
      extend: (lease, visibilityMs, signal) => ofLease('/jobs/extend', lease, { visibilityMs }, signal),
      complete: (lease, signal) => ofLease('/jobs/complete', lease, {}, signal),
      release: (lease, back, signal) => ofLease('/jobs/release', lease, back, signal),
      bury: (lease, reason, signal) => ofLease('/jobs/bury', lease, { reason }, signal),
      figures: async (signal) => (await get<QueueFigures>('/figures', signal)).body,
    },
    results: {
      put: async (result, signal) =>
        (await post<{ put: 'stored' | 'known' }>('/results', { result, ifAbsent: true }, signal)).body.put,
      async append(result, signal) {
        await post('/results', { result, ifAbsent: false }, signal);
      },
      get: async (jobId, waitMs, signal) =>
        (await get<{ result?: JobResult }>(`/results/${encodeURIComponent(jobId)}?waitMs=${waitMs}`, signal, waitMs)).body.result,
      read: async (cursor, max, waitMs, signal) =>
        (await get<{ results: LoggedResult[] }>(`/results?after=${cursor}&max=${max}&waitMs=${waitMs}`, signal, waitMs)).body
          .results,
    },
    deadLetters: {
      list: async (max, signal) =>
        (await get<{ deadLetters: DeadLetter[] }>(`/dead-letters?max=${max}`, signal)).body.deadLetters,
      async redrive(max, signal) {
        const { deadLetters } = (await get<{ deadLetters: DeadLetter[] }>(`/dead-letters?max=${max}`, signal)).body;
        const jobIds = deadLetters.map(({ job }) => job.id);
        return (await post<{ redriven: number }>('/dead-letters/redrive', { jobIds }, signal)).body.redriven;
      },
    },
    async stateOf(jobId, signal) {
      const { status, body } = await get<JobState>(`/jobs/${encodeURIComponent(jobId)}`, signal);
      return status === 404 ? undefined : body;
    },
  };
};
