import type { LaneAnswer } from '../lane.ts';
import type { LoadDoor } from './door.ts';
import { callerAttributes } from './events.ts';
import { rest } from './rest.ts';
import { laterFromLog } from './results-log.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

type Result = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

const answerIn = ({ status, body }: LaneAnswer): LaneAnswer | undefined => {
  if (status !== 200) return undefined;
  try {
    const { result } = JSON.parse(body as string) as { readonly result?: Result | null };
    return result ? { type: 'answer', status: result.status, headers: result.headers, body: result.body } : undefined;
  } catch {
    return undefined;
  }
};

/** A stream: the producer appends an event with its time, and the consumer waits for what is made of it. */
export const stream: LoadDoor = {
  ...rest,
  summary: 'a stream: events are appended in order, and processors answer and count them',
  node: 'stream',
  requests(model, samples) {
    const inferOf = rest.requests(model, samples);
    return (ask) => {
      const { id, sampleIndex, headers, body } = inferOf(ask);
      return {
        id,
        sampleIndex,
        path: '/events',
        headers: JSON_HEADERS,
        body: JSON.stringify({ id, eventTimeMs: Date.now(), body, attributes: callerAttributes(headers) }),
      };
    };
  },
  later: laterFromLog(answerIn),
};
