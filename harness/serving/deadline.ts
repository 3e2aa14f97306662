import { openScope } from './abort.ts';
import type { Design } from './config.ts';
import { BadRequest, Cancelled } from './errors.ts';

/** Request header: milliseconds that the caller gives the whole request. */
export const DEADLINE_HEADER = 'x-squall-deadline-ms';

/** The time that one request has. */
export interface Deadline {
  /** Aborts at the deadline, when the caller goes, or when the gateway stops. */
  readonly signal: AbortSignal;
  /** As `signal`, but earlier by what is reserved for the degrade ladder: work on links ends with it. */
  readonly linkSignal: AbortSignal;
  /** Milliseconds until `signal` aborts; Infinity without a deadline. */
  remainingMs(): number;
  /** Milliseconds until `linkSignal` aborts; Infinity without a deadline. */
  remainingForLinksMs(): number;
  /** Lets go of timers and listeners. */
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
 * Starts the clock of a request.
 * @param limitMs Infinity sets no timer
 * @param hasLadder whether time is reserved for degraded answers
 * @param parents the caller's signal, the gateway's signal
 */
export const startDeadline = (limitMs: number, hasLadder: boolean, parents: readonly AbortSignal[]): Deadline => {
  const startedAtMs = performance.now();
  const reason = () => new Cancelled('deadline');
  const isLimited = limitMs !== Number.POSITIVE_INFINITY;
  const reserveMs = hasLadder && isLimited ? Math.min(MAX_RESERVE_MS, limitMs * RESERVE_SHARE) : 0;
  const whole = openScope(parents, isLimited ? { ms: limitMs, reason } : undefined);
  const links = openScope([whole.signal], reserveMs > 0 ? { ms: limitMs - reserveMs, reason } : undefined);
  const remainingMs = () => startedAtMs + limitMs - performance.now();

  return {
    signal: whole.signal,
    linkSignal: links.signal,
    remainingMs,
    remainingForLinksMs: () => remainingMs() - reserveMs,
    close() {
      links.close();
      whole.close();
    },
  };
};
