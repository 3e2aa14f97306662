import { firstOf, overObservations, seconds } from './invariant.ts';

/** Timers of the web platform are whole milliseconds. */
const GRACE_MS = 1;

/** Nothing is asked of a provider for a request whose time is over. */
export const attemptsInTime = overObservations(
  'attempts-in-time',
  'No attempt on a link begins after the time that its request has.',
  ({ attempts }) =>
    firstOf(
      attempts.filter(({ remainingMs }) => remainingMs < -GRACE_MS),
      ({ linkId, kind, atMs, remainingMs }) =>
        `A ${kind === 'primary' ? 'first attempt' : kind} on ${linkId} began at ${seconds(atMs)}, ${Math.round(-remainingMs)} ms after the time of its request was over`,
    ),
);
