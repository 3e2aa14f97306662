import type { TimedEvent } from '../../../event-heap.ts';
import type { LightResponse } from '../../fetch/response.ts';
import type { SimClock } from '../clock.ts';
import type { Connection } from './connections.ts';

export type ExchangeOutcome =
  | { readonly type: 'answer'; readonly response: LightResponse }
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
  answer(response: LightResponse): void;
  fail(error: unknown): void;
}

const codeOf = (error: unknown): string => {
  const cause = (error as { cause?: { code?: unknown } } | undefined)?.cause;
  return typeof cause?.code === 'string' ? cause.code : 'failed';
};

/**
 * @param signal the caller's, which is not aborted
 * @param onOver called once
 */
export const createSimExchange = (
  clock: SimClock,
  signal: AbortSignal | undefined,
  connection: Connection,
  onOver: (outcome: ExchangeOutcome) => void,
): SimExchange => new Exchange(clock, signal, connection, onOver);

/** A class, for a run makes them by the ten thousand. */
class Exchange implements SimExchange {
  readonly connection: Connection;
  isOver = false;
  isLost = false;
  readonly #clock: SimClock;
  readonly #signal: AbortSignal | undefined;
  readonly #onOver: (outcome: ExchangeOutcome) => void;
  readonly #onAbort: (() => void) | undefined;
  readonly #events: TimedEvent[] = [];
  #controller: AbortController | undefined;

  constructor(
    clock: SimClock,
    signal: AbortSignal | undefined,
    connection: Connection,
    onOver: (outcome: ExchangeOutcome) => void,
  ) {
    this.connection = connection;
    this.#clock = clock;
    this.#signal = signal;
    this.#onOver = onOver;
    if (!signal) return;
    const onAbort = () => this.#finish({ type: 'failure', error: signal.reason, reason: 'abandoned' });
    this.#onAbort = onAbort;
    signal.addEventListener('abort', onAbort);
  }

  get over(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isOver && !this.#controller.signal.aborted) this.#controller.abort(OVER);
    return this.#controller.signal;
  }

  lose(): void {
    this.isLost = true;
  }

  later(ms: number, act: () => void): void {
    if (!this.isOver) this.#events.push(this.#clock.after(ms, act));
  }

  readonly delay = (ms: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (this.isOver) return reject(OVER);
      this.later(ms, resolve);
      this.over.addEventListener('abort', () => reject(OVER), { once: true });
    });

  answer(response: LightResponse): void {
    this.#finish({ type: 'answer', response });
  }

  fail(error: unknown): void {
    this.#finish({ type: 'failure', error, reason: codeOf(error) });
  }

  #finish(outcome: ExchangeOutcome): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.#onAbort) this.#signal?.removeEventListener('abort', this.#onAbort);
    for (const event of this.#events) this.#clock.cancel(event);
    this.#onOver(outcome);
    this.#controller?.abort(OVER);
  }
}

/** One for all, as on the live wire. */
const OVER = new DOMException('The exchange is over: its caller has its answer, or has gone.', 'AbortError');
