import { firstOf, overObservations, seconds } from './invariant.ts';

/** An answer, cached or not, is for the input that was asked about. */
export const ownAnswer = overObservations(
  'own-answer',
  'An answer is what the model, the cache or the rules that it says it is from give for the very input that was asked about.',
  ({ requests }) =>
    firstOf(
      requests.filter(({ isOwnPrediction }) => isOwnPrediction === false),
      ({ id, answeredAtMs, servedBy, sampleIndex }) =>
        `Request ${id} about sample ${sampleIndex} was answered by ${servedBy || 'nobody knows whom'} at ${seconds(answeredAtMs ?? 0)} with the prediction for another input`,
    ),
);
