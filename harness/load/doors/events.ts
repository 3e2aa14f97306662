import type { LaneAnswer } from '../lane.ts';
import type { LoadDoor } from './door.ts';
import { rest } from './rest.ts';
import { laterFromLog } from './results-log.ts';

/** What the queue service says of a result (harness/serving/queue/service.ts). */
interface ResultMessage {
  readonly result?: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
  readonly state?: { readonly type: string; readonly reason?: string } | null;
}

const JSON_HEADERS = { 'content-type': 'application/json' };

/** Status of a job that was given up, as the door for jobs has it. */
const GIVEN_UP = 410;

const messageIn = ({ status, body }: LaneAnswer): ResultMessage | undefined => {
  if (status !== 200) return undefined;
  try {
    return JSON.parse(body as string) as ResultMessage;
  } catch {
    return undefined;
  }
};

const answerIn = (response: LaneAnswer): LaneAnswer | undefined => {
  const { result, state } = messageIn(response) ?? {};
  if (result) return { type: 'answer', ...result };
  if (state?.type !== 'dead') return undefined;
  return {
    type: 'answer',
    status: GIVEN_UP,
    headers: {},
    body: JSON.stringify({ error: `The job was given up. ${state.reason}` }),
  };
};

/** What the headers of a request say of its caller, as a message carries it. */
export const callerAttributes = (headers: Readonly<Record<string, string>>, deadlineAtMs?: number): Record<string, string> => ({
  ...Object.fromEntries(
    ['x-squall-tenant', 'x-squall-priority'].flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  ),
  ...(deadlineAtMs === undefined ? {} : { 'x-squall-deadline-at-ms': String(Math.round(deadlineAtMs)) }),
});

/** Events: the producer puts a message into the queue itself, and the consumer reads the results. */
export const events: LoadDoor = {
  ...rest,
  summary: 'events: a message into the queue, the result out of the log of results',
  node: 'queue',
  requests(model, samples) {
    const inferOf = rest.requests(model, samples);
    return (ask) => {
      const { id, sampleIndex, headers, body } = inferOf(ask);
      const { deadlineMs } = ask.caller;
      const attributes = callerAttributes(headers, deadlineMs === undefined ? undefined : Date.now() + deadlineMs);
      return { id, sampleIndex, path: '/jobs', headers: JSON_HEADERS, body: JSON.stringify({ id, body, attributes }) };
    };
  },
  later: laterFromLog(answerIn),
};
