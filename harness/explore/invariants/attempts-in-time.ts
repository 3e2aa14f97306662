import { attribute } from './attribution.ts';
import { firstOf, overObservations, seconds } from './invariant.ts';

/** Nothing is asked of a provider for a request whose time is over. */
export const attemptsInTime = overObservations(
  'attempts-in-time',
  'No prediction is asked of a provider when the request that it is for is answered or given up, or past its deadline.',
  (observations) =>
    firstOf(
      attribute(observations).exchanges.filter(({ part }) => part === 'stray'),
      ({ exchange: { linkId, atMs, about } }) =>
        `At ${seconds(atMs)} a prediction was asked of ${linkId} for ${typeof about === 'number' ? `sample ${about}` : 'an input that no request had'}, and no request about it was under way with time left`,
    ),
);
