import type { SimClock } from '../clock.ts';
import type { SimEvent } from '../event-heap.ts';
import type { SimResponse } from '../globals/response.ts';
import type { Connection } from './connections.ts';

export type ExchangeOutcome =
  | { readonly type: 'answer'; readonly response: SimResponse }
  /** `reason` is an error's code, or `abandoned`. */
  | { readonly type: 'failure'; readonly error: unknown; readonly reason: string };

/** One request on a link, from `fetch` until its answer is there, its caller gone, or its connection cut. */
export interface SimExchange {
  readonly connection: Connection;
  /** Aborted when the exchange is over in whichever way. Made when somebody asks. */
  readonly over: AbortSignal;
  readonly isOver: boolean;
  /** Nothing comes back any more; the caller does not know. */
  readonly isLost: boolean;
  lose(): void;
  /** Does something after that long, unless the exchange is over before. */
  later(ms: number, act: () => void): void;
  /** Rejects when the exchange is over before. */
  readonly delay: (ms: number) => Promise<void>;
  answer(response: SimResponse): void;
  fail(error: unknown): void;
}

const codeOf = (error: unknown): string => {
  const cause = (error as { cause?: { code?: unknown } } | undefined)?.cause;
  return typeof cause?.code === 'string' ? cause.code : 'failed';
};

/**
 * @param signal the caller's
 * @param onOver called once
 */
export const createSimExchange = (
  clock: SimClock,
  signal: AbortSignal | undefined,
  connection: Connection,
  onOver: (outcome: ExchangeOutcome) => void,
): SimExchange => {
  let controller: AbortController | undefined;
  let isOver = false;
  let isLost = false;
  let events: SimEvent[] = [];

  const finish = (outcome: ExchangeOutcome) => {
    if (isOver) return;
    isOver = true;
    signal?.removeEventListener('abort', onAbort);
    for (const event of events) clock.cancel(event);
    events = [];
    onOver(outcome);
    controller?.abort(OVER);
  };
  function onAbort() {
    finish({ type: 'failure', error: signal!.reason, reason: 'abandoned' });
  }

  const later = (ms: number, act: () => void) => {
    if (!isOver) events.push(clock.after(ms, act));
  };

  const exchange: SimExchange = {
    connection,
    get over() {
      controller ??= new AbortController();
      if (isOver && !controller.signal.aborted) controller.abort(OVER);
      return controller.signal;
    },
    get isOver() {
      return isOver;
    },
    get isLost() {
      return isLost;
    },
    lose() {
      isLost = true;
    },
    later,
    delay: (ms) =>
      new Promise((resolve, reject) => {
        if (isOver) return reject(OVER);
        later(ms, resolve);
        exchange.over.addEventListener('abort', () => reject(OVER), { once: true });
      }),
    answer: (response) => finish({ type: 'answer', response }),
    fail: (error) => finish({ type: 'failure', error, reason: codeOf(error) }),
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort);
  return exchange;
};

/** One for all, as on the live wire. */
const OVER = new DOMException('The exchange is over: its caller has its answer, or has gone.', 'AbortError');
