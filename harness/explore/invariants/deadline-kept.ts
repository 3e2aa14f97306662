import { firstOf, overObservations, seconds } from './invariant.ts';

/** Timers of the web platform are whole milliseconds. */
const GRACE_MS = 1;

/** No answer comes after its request's deadline. */
export const deadlineKept = overObservations(
  'deadline-kept',
  'No answer comes after the deadline of its request.',
  ({ requests }) => {
    const late = requests.filter(
      ({ answeredAtMs, deadlineAtMs }) =>
        answeredAtMs !== null && deadlineAtMs !== null && answeredAtMs > deadlineAtMs + GRACE_MS,
    );
    return firstOf(
      late,
      ({ id, answeredAtMs, deadlineAtMs, servedBy }) =>
        `Request ${id} was answered${servedBy === '' ? '' : ` by ${servedBy}`} at ${seconds(answeredAtMs!)}, ${Math.round(answeredAtMs! - deadlineAtMs!)} ms after its deadline`,
    );
  },
);
