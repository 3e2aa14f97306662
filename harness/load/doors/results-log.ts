import type { LaneAnswer, LaneEnd, LaneRequest } from '../lane.ts';
import type { LaterAnswers } from './door.ts';

/** How long one request waits for the result; the next follows at once. */
const POLL_WAIT_MS = 2000;
/** Before a producer or a consumer asks again whom the log did not answer: what they ask does no harm when it is done twice. */
const RETRY_AFTER_MS = 200;

const consumeOf = ({ id, sampleIndex }: LaneRequest): LaneRequest => ({
  id,
  sampleIndex,
  method: 'GET',
  path: `/results/${encodeURIComponent(id)}?waitMs=${POLL_WAIT_MS}`,
  headers: {},
  body: '',
});

/** A refusal that stays one. */
const isFinal = ({ status }: LaneAnswer): boolean => status >= 400 && status < 500;

/** A producer sends until it is taken, and the consumer asks the log of results until the answer is there. */
export const laterFromLog = (answerIn: LaterAnswers['answerIn']): LaterAnswers => ({
  next(end: LaneEnd, { first, isAccepted }) {
    if (isAccepted) {
      const answer = end.type === 'answer' ? answerIn(end) : undefined;
      if (answer) return { type: 'judge', end: answer };
      const afterMs = end.type === 'answer' && end.status === 200 ? 0 : RETRY_AFTER_MS;
      return { type: 'ask', request: consumeOf(first), afterMs, isAccepted };
    }
    if (end.type === 'answer' && isFinal(end)) return { type: 'judge', end };
    const isTaken = end.type === 'answer' && end.status < 300;
    if (isTaken) return { type: 'ask', request: consumeOf(first), afterMs: 0, isAccepted: true };
    return { type: 'ask', request: first, afterMs: RETRY_AFTER_MS, isAccepted };
  },
  answerIn,
});
