import type { TimedEvent } from '../../../event-heap.ts';
import type { SimClock } from '../clock.ts';
import { currentProcess } from '../process.ts';

type Callback = (...args: unknown[]) => void;

/** Longest delay of a timer, as Node's; a longer one is 1 ms there too. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** As Node keeps time: whole milliseconds, at least one. */
const delayOf = (ms: unknown): number => {
  const number = Number(ms);
  return number >= 1 && number <= MAX_DELAY_MS ? Math.trunc(number) : 1;
};

/** What `setTimeout` and `setInterval` return: the parts of Node's Timeout that are documented. */
export interface SimTimeout {
  ref(): SimTimeout;
  unref(): SimTimeout;
  hasRef(): boolean;
  refresh(): SimTimeout;
  close(): SimTimeout;
  [Symbol.toPrimitive](): number;
  [Symbol.dispose](): void;
}

/** The timers of a simulated world, as globals. */
export interface SimTimers {
  readonly setTimeout: (callback: Callback, ms?: number, ...args: unknown[]) => SimTimeout;
  readonly setInterval: (callback: Callback, ms?: number, ...args: unknown[]) => SimTimeout;
  readonly setImmediate: (callback: Callback, ...args: unknown[]) => SimTimeout;
  /** All three clear any of the three; what is not a timer is ignored. */
  readonly clear: (timer: unknown) => void;
}

/**
 * @param bind keeps the asynchronous context of who sets a timer
 */
export const createSimTimers = (clock: SimClock, bind: (callback: Callback) => Callback): SimTimers => {
  /** Only timers whose number somebody has asked for. */
  const byNumber = new Map<number, Timeout>();
  let numbers = 0;

  // A class, for the one thing in this world that is made by the hundred thousand.
  class Timeout implements SimTimeout {
    event: TimedEvent | undefined;
    isReferenced = true;
    number = 0;
    /** Whose it is; undefined for all that cannot stand still. */
    readonly owner = currentProcess();
    readonly callback: Callback;
    readonly args: readonly unknown[];
    readonly ms: number;
    readonly repeats: boolean;

    constructor(callback: Callback, ms: number, args: readonly unknown[], repeats: boolean) {
      if (typeof callback !== 'function') {
        throw Object.assign(new TypeError(`The "callback" argument must be of type function. Received ${typeof callback}`), {
          code: 'ERR_INVALID_ARG_TYPE',
        });
      }
      this.callback = callback;
      this.ms = ms;
      this.args = args;
      this.repeats = repeats;
      this.start();
    }

    start(): void {
      this.event = clock.after(this.ms, () => this.fire());
    }

    fire(): void {
      if (this.owner?.isPaused) {
        this.wait();
        return;
      }
      this.event = undefined;
      // Node starts the next turn of an interval after the callback; here no time passes in it.
      if (this.repeats) this.start();
      else this.forget();
      const { callback, owner } = this;
      if (owner) owner.run(() => callback(...this.args));
      else callback(...this.args);
    }

    /** It can still be cleared. */
    wait(): void {
      const due: TimedEvent = { atMs: clock.now(), sequence: 0, run: () => this.fire() };
      this.event = due;
      this.owner!.holdTimer(() => due.run?.());
    }

    forget(): void {
      if (this.number > 0) byNumber.delete(this.number);
    }

    ref(): SimTimeout {
      this.isReferenced = true;
      return this;
    }

    unref(): SimTimeout {
      this.isReferenced = false;
      return this;
    }

    hasRef(): boolean {
      return this.isReferenced;
    }

    refresh(): SimTimeout {
      if (this.event) clock.cancel(this.event);
      this.start();
      return this;
    }

    close(): SimTimeout {
      if (this.event) clock.cancel(this.event);
      this.event = undefined;
      this.forget();
      return this;
    }

    [Symbol.toPrimitive](): number {
      if (this.number === 0) {
        numbers += 1;
        this.number = numbers;
        byNumber.set(this.number, this);
      }
      return this.number;
    }

    [Symbol.dispose](): void {
      this.close();
    }
  }

  return {
    setTimeout: (callback, ms, ...args) => new Timeout(bind(callback), delayOf(ms), args, false),
    setInterval: (callback, ms, ...args) => new Timeout(bind(callback), delayOf(ms), args, true),
    setImmediate: (callback, ...args) => new Timeout(bind(callback), 0, args, false),
    clear(timer) {
      if (timer instanceof Timeout) timer.close();
      else if (typeof timer === 'number' || typeof timer === 'string') byNumber.get(Number(timer))?.close();
    },
  };
};
