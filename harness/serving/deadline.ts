import type { Design } from './config.ts';
import { BadRequest, Cancelled } from './errors.ts';

/** Request header: milliseconds that the caller gives the whole request. */
export const DEADLINE_HEADER = 'x-squall-deadline-ms';

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

const DIGITS = /^[1-9]\d{0,8}$/;

/**
 * The deadline of a request: the design's, or the caller's if that is shorter. A design without deadlines heeds no caller's either.
 * @param header value of `x-squall-deadline-ms`
 * @throws {BadRequest} when the header is not a whole number of milliseconds, at least 1
 */
export const deadlineMsOf = (design: Pick<Design, 'deadlineMs'>, header: string | null): number => {
  if (header !== null && !DIGITS.test(header)) {
    throw new BadRequest(
      `${DEADLINE_HEADER} is ${JSON.stringify(header)}; a whole number of milliseconds, at least 1, is expected.`,
    );
  }
  if (design.deadlineMs === false) return Number.POSITIVE_INFINITY;
  return Math.min(design.deadlineMs, header === null ? Number.POSITIVE_INFINITY : Number(header));
};

/**
 * Starts the clock of a request. Every request has one: it sets one timer at a time, and makes the signal of the whole request only for
 * who asks.
 * @param limitMs Infinity sets no timer
 * @param hasLadder whether time is reserved for degraded answers
 */
export const startDeadline = (limitMs: number, hasLadder: boolean): Deadline => {
  const startedAtMs = performance.now();
  const isLimited = limitMs !== Number.POSITIVE_INFINITY;
  const reserveMs = hasLadder && isLimited ? Math.min(MAX_RESERVE_MS, limitMs * RESERVE_SHARE) : 0;
  const links = new AbortController();
  let whole: AbortController | undefined;
  let reason: Cancelled | undefined;
  let giveUp: ((reason: Cancelled) => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const remainingMs = () => startedAtMs + limitMs - performance.now();
  const close = () => clearTimeout(timer);
  const end = (why: Cancelled) => {
    if (reason) return;
    reason = why;
    close();
    giveUp?.(why);
    whole?.abort(why);
    if (!links.signal.aborted) links.abort(why);
  };
  const endAtLimit = () => end(new Cancelled('deadline'));
  const endLinks = () => {
    // Timers know whole milliseconds only, cut off the rest, and take one at least.
    const leftMs = Math.round(remainingMs());
    if (leftMs < 1) return endAtLimit();
    timer = setTimeout(endAtLimit, leftMs);
    links.abort(new Cancelled('deadline'));
  };
  if (isLimited) timer = reserveMs > 0 ? setTimeout(endLinks, limitMs - reserveMs) : setTimeout(endAtLimit, limitMs);

  return {
    get signal() {
      if (!whole) {
        whole = new AbortController();
        if (reason) whole.abort(reason);
      }
      return whole.signal;
    },
    linkSignal: links.signal,
    remainingMs,
    remainingForLinksMs: () => remainingMs() - reserveMs,
    limit: (work) =>
      new Promise((resolve, reject) => {
        if (reason) reject(reason);
        else giveUp = reject;
        work.then(resolve, reject);
      }),
    end,
    close,
  };
};
