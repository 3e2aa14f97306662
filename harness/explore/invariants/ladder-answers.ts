import { firstOf, overObservations, seconds } from './invariant.ts';

/** A stack whose ladder ends in rules, which need nothing, owes every request an answer in time. */
export const ladderAnswers = overObservations(
  'ladder-answers',
  'With a degrade ladder that has rules, which need nothing, every request is answered with a prediction.',
  ({ requests }, { plan }) => {
    const { degrade, deadlineMs } = plan.design;
    if (degrade === false || deadlineMs === false || !degrade.ladder.includes('rules')) return [];
    return firstOf(
      requests.filter(
        ({ answeredAtMs, abandonedAtMs, status }) => answeredAtMs !== null && abandonedAtMs === null && status >= 500,
      ),
      ({ id, acceptedAtMs, status }) =>
        `Request ${id}, accepted at ${seconds(acceptedAtMs)}, got status ${status} though the ladder could have answered`,
    );
  },
);
