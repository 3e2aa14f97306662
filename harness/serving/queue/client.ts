import { createJsonCall, type JsonCall, type JsonCallOptions } from '../nodes/json-call.ts';
import type { DeadLetter, JobResult, JobState, Lease, LoggedResult, QueueFigures } from './job.ts';
import { type Broker, BrokerUnavailable, JobRefused } from './job-queue.ts';

interface Answered<Body> {
  readonly status: number;
  readonly body: Body;
}

const HTTP_GONE = 410;
const REFUSALS: Readonly<Record<number, JobRefused['kind']>> = { 400: 'bad-request', 413: 'too-large' };
/** How the service begins to say that it takes no more jobs (service.ts). */
const QUEUE_FULL = 'The queue is full';

/** The stack's own queue service (service.ts) as a broker. */
export const createQueueClient = (options: JsonCallOptions): Broker => {
  const send = createJsonCall('queue', options);
  const call = async <Body>(asked: JsonCall, signal: AbortSignal): Promise<Answered<Body>> => {
    const { status, isOk, body } = await send(asked, signal);
    if (isOk || status === HTTP_GONE || status === 404) return { status, body: body as Body };
    const said = (body as { readonly error?: string }).error ?? `status ${status}`;
    const kind = said.startsWith(QUEUE_FULL) ? 'queue-full' : REFUSALS[status];
    throw kind ? new JobRefused(kind, said) : new BrokerUnavailable(`The queue answers ${status}: ${said}`);
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
      async redrive(max, signal, only) {
        const { deadLetters } = (await get<{ deadLetters: DeadLetter[] }>(`/dead-letters?max=${max}`, signal)).body;
        const jobIds = deadLetters.map(({ job }) => job.id).filter((id) => only?.includes(id) ?? true);
        return (await post<{ redriven: number }>('/dead-letters/redrive', { jobIds }, signal)).body.redriven;
      },
    },
    async stateOf(jobId, signal) {
      const { status, body } = await get<JobState>(`/jobs/${encodeURIComponent(jobId)}`, signal);
      return status === 404 ? undefined : body;
    },
  };
};
