import type { LaneAnswer, LaneRequest } from '../lane.ts';
import type { LoadDoor } from './door.ts';
import { headerOf } from './headers.ts';
import { rest } from './rest.ts';

/** How long one request waits for the result; the next follows at once. */
const POLL_WAIT_MS = 2000;
/** Before a question is asked again that was not answered. */
const RETRY_AFTER_MS = 200;

const ACCEPTED = 202;

/** Not now, or no answer at all: nothing is said of the job. */
const isTransient = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** A result that says what became of the job, however it went. */
const isResult = ({ status, headers }: LaneAnswer): boolean => status !== ACCEPTED && headerOf(headers, 'x-squall-job') !== '';

const pollOf = ({ id, sampleIndex }: LaneRequest): LaneRequest => ({
  id,
  sampleIndex,
  method: 'GET',
  path: `/v2/jobs/${encodeURIComponent(id)}?waitMs=${POLL_WAIT_MS}`,
  headers: {},
  body: '',
});

/** Jobs over REST: 202 at once, the result later. */
export const jobs: LoadDoor = {
  ...rest,
  summary: 'jobs over REST: accepted at once (202), the result later by long polling',
  requests(model, samples) {
    const inferOf = rest.requests(model, samples);
    const path = `/v2/models/${encodeURIComponent(model)}/jobs`;
    return (ask) => ({ ...inferOf(ask), path });
  },
  later: {
    next(end, { first, isAccepted }) {
      if (isAccepted) {
        const isOver = end.type === 'answer' && (isResult(end) || (end.status !== ACCEPTED && !isTransient(end.status)));
        if (isOver) return { type: 'judge', end };
        const afterMs = end.type === 'answer' && end.status === ACCEPTED ? 0 : RETRY_AFTER_MS;
        return { type: 'ask', request: pollOf(first), afterMs, isAccepted };
      }
      if (end.type === 'lost' || end.status !== ACCEPTED) return { type: 'judge', end };
      return { type: 'ask', request: pollOf(first), afterMs: 0, isAccepted: true };
    },
    answerIn: (response) => (isResult(response) ? response : undefined),
  },
};
