import type { LaneAnswer, LaneEnd, LaneRequest } from '../lane.ts';
import type { LoadDoor } from './door.ts';
import { rest } from './rest.ts';

/** How long one request waits for the result; the next follows at once. */
const POLL_WAIT_MS = 2000;
/** Before a producer or a consumer asks again whom the stream did not answer: what they ask does no harm when it is done twice. */
const RETRY_AFTER_MS = 200;

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

const consumeOf = ({ id, sampleIndex }: LaneRequest): LaneRequest => ({
  id,
  sampleIndex,
  method: 'GET',
  path: `/results/${encodeURIComponent(id)}?waitMs=${POLL_WAIT_MS}`,
  headers: {},
  body: '',
});

/** A stream: the producer appends an event with its time, and the consumer waits for what is made of it. */
export const stream: LoadDoor = {
  ...rest,
  summary: 'a stream: events are appended in order, and processors answer and count them',
  node: 'stream',
  requests(model, samples) {
    const inferOf = rest.requests(model, samples);
    return (ask) => {
      const { id, sampleIndex, body } = inferOf(ask);
      return {
        id,
        sampleIndex,
        path: '/events',
        headers: JSON_HEADERS,
        body: JSON.stringify({ id, eventTimeMs: Date.now(), body }),
      };
    };
  },
  later: {
    next(end: LaneEnd, { first, isAccepted }) {
      const answer = end.type === 'answer' ? end : undefined;
      if (isAccepted) {
        const result = answer && answerIn(answer);
        if (result) return { type: 'judge', end: result };
        return { type: 'ask', request: consumeOf(first), afterMs: answer?.status === 200 ? 0 : RETRY_AFTER_MS, isAccepted };
      }
      if (answer && answer.status >= 400 && answer.status < 500) return { type: 'judge', end };
      if (answer && answer.status < 300) return { type: 'ask', request: consumeOf(first), afterMs: 0, isAccepted: true };
      return { type: 'ask', request: first, afterMs: RETRY_AFTER_MS, isAccepted };
    },
    answerIn,
  },
};
