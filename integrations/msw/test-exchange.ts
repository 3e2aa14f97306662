/** One request on a link, from the handler's call until it is answered, given up, or cut. */
export interface TestExchange {
  /** What the handler returns; it stays open while the exchange is lost. */
  readonly outcome: Promise<Response>;
  /** Aborted when the exchange is over in whichever way. */
  readonly over: AbortSignal;
  /** Nothing comes back any more; the caller waits. */
  readonly isLost: boolean;
  lose(): void;
  /** Rejects when the exchange is over before. The timer is the global one of this moment: a faked one, where a test fakes it. */
  readonly delay: (ms: number) => Promise<void>;
  answer(response: Response): void;
  fail(error: unknown): void;
}

/** One for all. */
const OVER = new DOMException('The exchange is over: its caller has its answer, or has gone.', 'AbortError');

/**
 * @param caller aborted when the caller goes; the outcome is then a network error, which nobody sees
 * @param onOver called once, never before this has returned
 */
export const openTestExchange = (caller: AbortSignal, onOver: (exchange: TestExchange) => void): TestExchange => {
  const settled = Promise.withResolvers<Response>();
  const over = new AbortController();
  let isLost = false;

  const finish = (settle: () => void) => {
    if (over.signal.aborted) return;
    caller.removeEventListener('abort', giveUp);
    settle();
    over.abort(OVER);
    onOver(exchange);
  };
  const giveUp = () => finish(() => settled.resolve(Response.error()));

  const exchange: TestExchange = {
    outcome: settled.promise,
    over: over.signal,
    get isLost() {
      return isLost;
    },
    lose() {
      isLost = true;
    },
    delay: (ms) =>
      new Promise((resolve, reject) => {
        if (over.signal.aborted) return reject(OVER);
        const stop = () => {
          clearTimeout(timer);
          reject(OVER);
        };
        const timer = setTimeout(() => {
          over.signal.removeEventListener('abort', stop);
          resolve();
        }, ms);
        over.signal.addEventListener('abort', stop, { once: true });
      }),
    answer: (response) => finish(() => settled.resolve(response)),
    fail: (error) => finish(() => settled.reject(error)),
  };
  if (caller.aborted) queueMicrotask(giveUp);
  else caller.addEventListener('abort', giveUp);
  return exchange;
};
