import { createBodyReader } from './body-reader.ts';
import { framingOfRequest, headerOf, type RequestHead } from './head.ts';
import type { MessagePlan } from './message-reader.ts';
import { isLastOne } from './traits.ts';

/** Of a body that nobody wants, so much is read before the answer goes out: a client in the midst of it may not be listening yet. */
const ANSWERS_AFTER_BYTES = 64 * 1024;

/** A request that goes nowhere: its body is read, and thrown away. */
export interface Swallowed {
  readonly plan: MessagePlan;
  /** The body is over. */
  end(): void;
}

/** @param answer is called once; the connection ends with it when it is the last */
export const swallow = (head: RequestHead, answer: (isLast: boolean) => void): Swallowed => {
  let seen = 0;
  let isAnswered = false;
  // Who waits to be told to go on sends no body, and its connection can't be used again.
  const isWaiting = headerOf(head.headers, 'expect') !== undefined;
  const isLast = isWaiting || isLastOne(head);
  const answerOnce = () => {
    if (isAnswered) return;
    isAnswered = true;
    answer(isLast);
  };
  const body = createBodyReader(framingOfRequest(head), (bytes) => {
    seen += bytes.length;
    if (seen > ANSWERS_AFTER_BYTES) answerOnce();
  });
  if (isWaiting && !body.isOver) answerOnce();
  return { plan: { body }, end: answerOnce };
};
