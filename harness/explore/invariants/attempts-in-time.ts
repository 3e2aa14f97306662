import { attribute } from './attribution.ts';
import { firstOf, overObservations, seconds } from './invariant.ts';

/** Timers of the web platform are whole milliseconds. */
const GRACE_MS = 1;

/**
 * Nothing is asked of a provider for a request whose time is over. Beside the wire the stack's own word is taken, where it tells against
 * itself: an attempt that is begun too late may be given up before it is sent.
 */
export const attemptsInTime = overObservations(
  'attempts-in-time',
  'No attempt begins, and no provider is called, for a request that is answered or given up, or whose time is over.',
  (observations) => [
    ...firstOf(
      attribute(observations).exchanges.filter(({ part }) => part === 'stray'),
      ({ exchange: { linkId, atMs, about } }) =>
        `At ${seconds(atMs)} a prediction was asked of ${linkId} for ${typeof about === 'number' ? `sample ${about}` : 'an input that no request had'}, and no request about it was under way with time left`,
    ),
    ...firstOf(
      observations.attempts.filter(({ remainingMs }) => remainingMs < -GRACE_MS),
      ({ linkId, kind, atMs, remainingMs }) =>
        `A ${kind === 'primary' ? 'first attempt' : kind} on ${linkId} began at ${seconds(atMs)}, ${Math.round(-remainingMs)} ms after the time of its request was over`,
    ),
  ],
);
