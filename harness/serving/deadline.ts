import type { Design } from './config.ts';
import { Cancelled } from './errors.ts';

/** The time that one request has. */
export interface Deadline {
  /** Aborts at the deadline, or when the request is ended before. */
  readonly signal: AbortSignal;
  /** As `signal`, but earlier by what is reserved for the degrade ladder: work on links ends with it. */
  readonly linkSignal: AbortSignal;
  /** Milliseconds until `signal` aborts; Infinity without a deadline. */
  remainingMs(): number;
  /** Milliseconds until `linkSignal` aborts; Infinity without a deadline. */
  remainingForLinksMs(): number;
  /** The work's result, unless the deadline or `end` comes first: then its reason is thrown. To be called once. */
  limit<Result>(work: Promise<Result>): Promise<Result>;
  /** Ends the request with a reason: its caller has gone, or the gateway stops. */
  end(reason: Cancelled): void;
  /** Lets go of the timer. */
  close(): void;
}

/** What the ladder needs at most: a small model answers in a few milliseconds, on a busy machine in some ten. */
export const MAX_RESERVE_MS = 100;
/** Of a short deadline, the part that is reserved. */
const RESERVE_SHARE = 0.25;

/**
 * The deadline of a request: the design's, or the caller's if that is shorter. A design without deadlines heeds no caller's either.
 * @param callerMs Infinity when the caller sets none
 */
export const deadlineMsOf = ({ deadlineMs }: Pick<Design, 'deadlineMs'>, callerMs: number): number =>
  deadlineMs === false ? Number.POSITIVE_INFINITY : Math.min(deadlineMs, callerMs);

/** A class, for there is one for every request: its functions are made once. */
class RunningDeadline implements Deadline {
  readonly #endsAtMs: number;
  readonly #reserveMs: number;
  readonly #links = new AbortController();
  /** Made for who asks: most requests are answered by links. */
  #whole: AbortController | undefined;
  #reason: Cancelled | undefined;
  #giveUp: ((reason: Cancelled) => void) | undefined;
  /** One at a time: first for the links, then for what is left. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(limitMs: number, hasLadder: boolean) {
    const isLimited = limitMs !== Number.POSITIVE_INFINITY;
    this.#endsAtMs = performance.now() + limitMs;
    this.#reserveMs = hasLadder && isLimited ? Math.min(MAX_RESERVE_MS, limitMs * RESERVE_SHARE) : 0;
    if (isLimited) this.#timer = setTimeout(endLinks, limitMs - this.#reserveMs, this);
  }

  get signal(): AbortSignal {
    if (!this.#whole) {
      this.#whole = new AbortController();
      if (this.#reason) this.#whole.abort(this.#reason);
    }
    return this.#whole.signal;
  }

  get linkSignal(): AbortSignal {
    return this.#links.signal;
  }

  remainingMs(): number {
    return this.#endsAtMs - performance.now();
  }

  remainingForLinksMs(): number {
    return this.remainingMs() - this.#reserveMs;
  }

  limit<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#reason) reject(this.#reason);
      else this.#giveUp = reject;
      work.then(resolve, reject);
    });
  }

  end(reason: Cancelled): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.close();
    this.#giveUp?.(reason);
    this.#whole?.abort(reason);
    if (!this.linkSignal.aborted) this.#links.abort(reason);
  }

  endLinks(): void {
    // Timers know whole milliseconds only, cut off the rest, and take one at least.
    const leftMs = Math.round(this.remainingMs());
    if (leftMs < 1) {
      endAtLimit(this);
      return;
    }
    this.#timer = setTimeout(endAtLimit, leftMs, this);
    this.#links.abort(new Cancelled('deadline'));
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

const endLinks = (deadline: RunningDeadline): void => deadline.endLinks();
const endAtLimit = (deadline: RunningDeadline): void => deadline.end(new Cancelled('deadline'));

/**
 * Starts the clock of a request.
 * @param limitMs Infinity sets no timer
 * @param hasLadder whether time is reserved for degraded answers
 */
export const startDeadline = (limitMs: number, hasLadder: boolean): Deadline => new RunningDeadline(limitMs, hasLadder);
