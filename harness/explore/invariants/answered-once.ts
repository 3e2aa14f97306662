import { firstOf, overObservations, seconds } from './invariant.ts';

/** Every accepted request is answered exactly once, unless its caller has gone. */
export const answeredOnce = overObservations(
  'answered-once',
  'Every accepted request whose caller waits is answered exactly once, with its own id.',
  ({ requests }, { plan }) => {
    const twice = requests.filter(({ answers }) => answers > 1);
    const wrong = requests.filter(({ status, answers }) => status >= 200 && status < 300 && answers === 0);
    // What has no deadline may be under way still when the timeline ends.
    const lost = requests.filter(
      ({ answeredAtMs, abandonedAtMs, deadlineAtMs }) =>
        answeredAtMs === null && abandonedAtMs === null && deadlineAtMs !== null && deadlineAtMs < plan.scenario.durationMs,
    );
    return [
      ...firstOf(twice, ({ id, answers }) => `Request ${id} was answered ${answers} times`),
      ...firstOf(wrong, ({ id }) => `The answer to request ${id} does not bear its id`),
      ...firstOf(lost, ({ id, acceptedAtMs }) => `Request ${id}, accepted at ${seconds(acceptedAtMs)}, was never answered`),
    ];
  },
);
